import type { Clock, Timer } from '../../lib/clock.ts';
import type { PlacedPort } from './plan-diff.ts';
import type { SocketId } from './protocol.ts';
import type { SocketBroker } from './socket-broker.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What became of a socket: `code` as in `EADDRINUSE`. `settled`: false while a taken port is tried again. */
export type SocketState =
  | { readonly type: 'Bound' }
  | { readonly type: 'Failed'; readonly code: string; readonly settled: boolean };

/** What listening needs. */
export interface ListeningOptions {
  readonly clock: Clock;
  readonly broker: SocketBroker;
  readonly pool: WorkerPool;
  readonly portWaitMs: number;
  /** Called when a socket that had failed is bound, or has failed for good. */
  onChange(socket: SocketId): void;
}

interface Wanted {
  readonly place: PlacedPort;
  readonly since: number;
  state: SocketState;
  tries: number;
  retry: Timer | undefined;
}

/** First wait before a failed socket is tried again; each next one is twice as long. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 10_000;

/**
 * Keeps the sockets that plans name open in all workers. What cannot be bound is tried again: at first often, because
 * workers of a supervisor that was killed free their ports within moments, then seldom.
 */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #wanted = new Map<SocketId, Wanted>();

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** Opens the sockets of `places` that are not open yet. */
  async open(places: readonly PlacedPort[]): Promise<void> {
    await Promise.all(
      places.map(async (place) => {
        if (this.#wanted.has(place.socket)) return;
        const wanted: Wanted = {
          place,
          since: this.#options.clock.now(),
          state: { type: 'Bound' },
          tries: 0,
          retry: undefined,
        };
        this.#wanted.set(place.socket, wanted);
        await this.#attempt(wanted);
      }),
    );
  }

  /** Closes every socket that is not among `sockets`. */
  closeOthers(sockets: ReadonlySet<SocketId>): void {
    for (const [socket, { retry }] of this.#wanted) {
      if (sockets.has(socket)) continue;
      retry?.cancel();
      this.#wanted.delete(socket);
      this.#options.pool.unlisten(socket);
      this.#options.broker.close(socket);
    }
  }

  /** What became of a socket that was opened. */
  state(socket: SocketId): SocketState {
    return this.#wanted.get(socket)?.state ?? { type: 'Failed', code: 'EBADF', settled: true };
  }

  async #attempt(wanted: Wanted): Promise<void> {
    const code = await this.#bind(wanted.place);
    if (this.#wanted.get(wanted.place.socket) !== wanted) return;
    if (code === undefined) {
      wanted.state = { type: 'Bound' };
      return;
    }
    const { clock, portWaitMs } = this.#options;
    const settled = code !== 'EADDRINUSE' || clock.now() - wanted.since >= portWaitMs;
    wanted.state = { type: 'Failed', code, settled };
    const waitMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** wanted.tries++);
    wanted.retry = clock.after(
      settled ? waitMs : Math.min(waitMs, FIRST_RETRY_MS * 4),
      () => void this.#tryAgain(wanted),
    );
  }

  /** Never rejects: failures are states. */
  async #tryAgain(wanted: Wanted): Promise<void> {
    const before = wanted.state;
    await this.#attempt(wanted);
    if (this.#wanted.get(wanted.place.socket) !== wanted) return;
    const wasSettled = before.type === 'Failed' && before.settled;
    if (wanted.state.type === 'Bound' || (wanted.state.settled && !wasSettled)) {
      this.#options.onChange(wanted.place.socket);
    }
  }

  /** Undefined: bound, and all workers listen. Else the error's code. */
  async #bind({ socket, boundPort }: PlacedPort): Promise<string | undefined> {
    const { broker, pool } = this.#options;
    const address = socket.slice(0, socket.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
    const bound = broker.open(socket, address, boundPort);
    if (bound.type === 'Failed') return bound.code;
    const handle = broker.handle(socket);
    if (handle === undefined) return 'EBADF';
    // Two programs can both bind; only the first one to listen gets the port.
    const error = await pool.listen(socket, handle);
    if (error !== undefined) {
      pool.unlisten(socket);
      broker.close(socket);
    }
    return error;
  }
}
