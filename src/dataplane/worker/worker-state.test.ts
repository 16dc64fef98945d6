import { describe, expect, test } from 'vitest';
import { forwardTo, rulePlan } from '../../../test/support/rule-plan.ts';
import { backendPlan } from '../../../test/contract/gateway-plans.ts';
import type { RequestView } from '../exchange.ts';
import type { SocketDelta, WorkerDelta } from '../../engine/embedded/protocol.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import type { BackendId, CertificateId, RuleId } from '../../plan/types.ts';
import { DEFAULT_PROXY_CONFIG, poolConfig } from '../proxy/proxy-config.ts';
import { CertificateStore } from '../tls/certificate-store.ts';
import { TimerWheel } from '../timer-wheel.ts';
import { Backends } from '../upstream/backends.ts';
import { EndpointPools } from '../upstream/endpoint-pools.ts';
import { requestFor } from '../../../test/support/request-view.ts';
import { WorkerState } from './worker-state.ts';

const SOCKET = '127.64.0.1:80';

function delta(parts: Partial<WorkerDelta>): WorkerDelta {
  return {
    rules: [],
    removedRules: [],
    backends: [],
    removedBackends: [],
    certificates: [],
    removedCertificates: [],
    sockets: [],
    ...parts,
  };
}

function splice(at: number, removeCount: number, ...insert: string[]): SocketDelta {
  const host = { hostname: '*', at, removeCount, insert: insert as RuleId[] };
  const listeners = [{ key: 'default/web/http', hosts: [host] }];
  return { socket: SOCKET, protocol: 'HTTP', port: 80, listeners, removedListeners: [] };
}

function start() {
  const wheel = new TimerWheel(new ManualClock());
  const backends = new Backends(new EndpointPools(wheel, poolConfig(DEFAULT_PROXY_CONFIG)));
  const state = new WorkerState(backends, new CertificateStore(Buffer.alloc(48)));
  const ruleOf = (request: RequestView) => state.table(SOCKET)?.listener('any.example')?.route(request)?.plan.id;
  return { state, backends, ruleOf };
}

describe('the state of a worker', () => {
  const first = delta({
    rules: [rulePlan('a', { action: forwardTo('one') })],
    backends: [backendPlan('one', 9_001)],
    sockets: [splice(0, 0, 'a')],
  });

  test('takes a backend and the rule that names it in one step', () => {
    const { state, ruleOf } = start();
    state.apply(first);
    expect(ruleOf(requestFor('/'))).toBe('a');
  });

  test.each([
    {
      name: 'a certificate that is none',
      broken: { certificates: [{ id: 'c' as CertificateId, names: [], certificate: 'no', key: 'no' }] },
    },
    { name: 'a rule whose backend is not there', broken: { rules: [rulePlan('b', { action: forwardTo('missing') })] } },
    { name: 'a place that no rule has', broken: { sockets: [splice(5, 1)] } },
  ])('with $name changes in nothing', ({ broken }) => {
    const { state, backends, ruleOf } = start();
    state.apply(first);
    const next = delta({ backends: [backendPlan('one', 9_002), backendPlan('two', 9_003)], ...broken });
    expect(() => state.apply(next)).toThrow();
    expect(ruleOf(requestFor('/'))).toBe('a');
    expect(backends.get('two' as BackendId)).toBeUndefined();
    expect(backends.get('one' as BackendId)?.plan.endpoints).toEqual([{ address: '127.0.0.1', port: 9_001 }]);
  });

  test('keeps the backend object when its endpoints change, so that rules see them', () => {
    const { state, backends } = start();
    state.apply(first);
    const before = backends.get('one' as BackendId);
    state.apply(delta({ backends: [backendPlan('one', 9_002)] }));
    expect(backends.get('one' as BackendId)).toBe(before);
    expect(before?.plan.endpoints).toEqual([{ address: '127.0.0.1', port: 9_002 }]);
  });

  test('lets go of what a delta removes after the sockets have changed', () => {
    const { state, backends, ruleOf } = start();
    state.apply(first);
    state.apply(
      delta({ sockets: [splice(0, 1)], removedRules: ['a' as RuleId], removedBackends: ['one' as BackendId] }),
    );
    expect(ruleOf(requestFor('/'))).toBeUndefined();
    expect(backends.get('one' as BackendId)).toBeUndefined();
  });
});
