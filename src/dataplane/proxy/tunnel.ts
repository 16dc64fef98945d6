import type { Socket } from 'node:net';
import { Deadline, type TimerWheel } from '../timer-wheel.ts';

/** What a tunnel joins. */
export interface TunnelOptions {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly wheel: TimerWheel;
  /** Ends the tunnel when nothing has moved for so long, milliseconds; 0: never. */
  readonly idleMs: number;
}

/**
 * Two sockets joined after an upgrade: bytes pass both ways with back-pressure, an end of one side is passed on while the
 * other side may go on, and a break of one side breaks the other.
 */
export class Tunnel {
  readonly #options: TunnelOptions;
  readonly #idle: Deadline;
  #openSockets = 2;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.#idle = new Deadline(() => this.destroy());
    this.#join(options.client, options.upstream);
    this.#join(options.upstream, options.client);
    this.#touch();
  }

  destroy(): void {
    this.#options.client.destroy();
    this.#options.upstream.destroy();
  }

  #touch(): void {
    this.#options.wheel.arm(this.#idle, this.#options.idleMs);
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      this.#touch();
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', (hadError: boolean) => {
      if (hadError || !from.readableEnded) to.destroy();
      this.#openSockets -= 1;
      if (this.#openSockets === 0) this.#idle.disarm();
    });
    from.resume();
  }
}
