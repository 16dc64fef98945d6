import type { HostDelta, ListenerKey } from '../../engine/embedded/protocol.ts';
import type { TlsPlan } from '../../plan/types.ts';
import type { ListenerTable } from '../compiled.ts';
import type { RequestView } from '../exchange.ts';
import { HostTable } from './host-table.ts';
import { HostnameIndex } from './hostname-index.ts';
import type { RoutableRule } from './routable-rule.ts';

/** One listener of a socket with its hosts. It stays the same object for as long as its key is on the socket. */
export class MutableListenerTable implements ListenerTable {
  readonly key: ListenerKey;
  /** `*` for every host. */
  hostname: string;
  /** On HTTPS sockets. */
  tls: TlsPlan | undefined;
  readonly #hosts = new HostnameIndex<HostTable>();

  constructor(key: ListenerKey, hostname: string) {
    this.key = key;
    this.hostname = hostname;
  }

  route(request: RequestView): RoutableRule | undefined {
    return this.#hosts.search(request.host, request, findIn);
  }

  /** How many rules a host has: 0 for one that is not there. */
  ruleCount(hostname: string): number {
    return this.#hosts.get(hostname)?.size ?? 0;
  }

  /** Carries out a checked change: see `checkHosts`. */
  spliceHost({ hostname, at, removeCount }: HostDelta, insert: readonly RoutableRule[]): void {
    const known = this.#hosts.get(hostname);
    const host = known ?? new HostTable();
    host.splice(at, removeCount, insert);
    if (host.size === 0) this.#hosts.delete(hostname);
    else if (known === undefined) this.#hosts.set(hostname, host);
  }
}

function findIn(host: HostTable, request: RequestView): RoutableRule | undefined {
  return host.find(request);
}
