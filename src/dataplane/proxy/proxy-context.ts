import type { BlockList } from 'node:net';
import type { Clock } from '../../lib/clock.ts';
import type { OnFault } from '../fault-log.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EndpointPools } from '../upstream/endpoint-pools.ts';
import type { ExchangeObserver } from './finished-exchange.ts';
import type { ProxyConfig } from './proxy-config.ts';

/** What all connections of a worker share. */
export interface ProxyContext {
  readonly config: ProxyConfig;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly pools: EndpointPools;
  readonly observer: ExchangeObserver;
  readonly onFault: OnFault;
  /** From `config.trustedProxies`. */
  readonly trusted: BlockList;
}
