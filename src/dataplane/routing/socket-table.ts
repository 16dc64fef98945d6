import type { ListenerKey, SocketDelta } from '../../engine/embedded/protocol.ts';
import type { SocketTable } from '../compiled.ts';
import { HostnameIndex } from './hostname-index.ts';
import { MutableListenerTable } from './listener-table.ts';

/** The listeners of one address and port. It stays the same object for the life of the worker. */
export class MutableSocketTable implements SocketTable {
  protocol: 'HTTP' | 'HTTPS';
  port: number;
  readonly #byKey = new Map<ListenerKey, MutableListenerTable>();
  readonly #byHostname = new HostnameIndex<MutableListenerTable>();

  constructor(protocol: 'HTTP' | 'HTTPS', port: number) {
    this.protocol = protocol;
    this.port = port;
  }

  listener(host: string): MutableListenerTable | undefined {
    return this.#byHostname.search(host, undefined, itself);
  }

  get(key: ListenerKey): MutableListenerTable | undefined {
    return this.#byKey.get(key);
  }

  /** @throws If two listeners would have one hostname: neither could be told from the other. */
  checkHostnames(delta: SocketDelta): void {
    const moving = new Set([...delta.removedListeners, ...delta.listeners.map((listener) => listener.key)]);
    const claimed = new Map<string, ListenerKey>();
    for (const { key, hostname = '*' } of delta.listeners) {
      const holder = this.#byHostname.get(hostname);
      const other = claimed.get(hostname) ?? (holder === undefined || moving.has(holder.key) ? undefined : holder.key);
      if (other !== undefined && other !== key) {
        throw new Error(`Listeners "${other}" and "${key}" both claim host "${hostname}" on ${delta.socket}.`);
      }
      claimed.set(hostname, key);
    }
  }

  /** Takes over protocol, port and listeners of a checked delta; rules come after. */
  commitListeners(delta: SocketDelta): void {
    this.protocol = delta.protocol;
    this.port = delta.port;
    for (const key of delta.removedListeners) {
      this.#vacate(this.#byKey.get(key));
      this.#byKey.delete(key);
    }
    // All old names go before any new one comes, so that two listeners can swap theirs.
    for (const { key, hostname = '*' } of delta.listeners) {
      const known = this.#byKey.get(key);
      if (known?.hostname !== hostname) this.#vacate(known);
    }
    for (const { key, hostname = '*', tls } of delta.listeners) {
      const listener = this.#byKey.get(key) ?? new MutableListenerTable(key, hostname);
      listener.hostname = hostname;
      listener.tls = tls;
      this.#byKey.set(key, listener);
      this.#byHostname.set(hostname, listener);
    }
  }

  #vacate(listener: MutableListenerTable | undefined): void {
    if (listener !== undefined && this.#byHostname.get(listener.hostname) === listener) {
      this.#byHostname.delete(listener.hostname);
    }
  }
}

function itself(listener: MutableListenerTable): MutableListenerTable {
  return listener;
}
