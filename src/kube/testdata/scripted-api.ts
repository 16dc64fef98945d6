import type { ApiRequest, ApiTransport, WatchListener } from '../api-transport.ts';

/** A request that a test has to answer. */
export interface AskedRequest extends ApiRequest {
  answer(value: unknown): void;
  fail(error: Error): void;
}

/** A watch that a test speaks for. */
export interface AskedWatch {
  readonly path: string;
  readonly isEnded: boolean;
  open(): void;
  send(...events: readonly unknown[]): void;
  end(): void;
  break(error: Error): void;
}

/** An API whose every answer comes from the test, in the order in which it is asked. */
export class ScriptedApi implements ApiTransport {
  readonly #asked: (AskedRequest | AskedWatch)[] = [];
  readonly #waiting: ((asked: AskedRequest | AskedWatch) => void)[] = [];

  request(request: ApiRequest): Promise<unknown> {
    return new Promise((answer, fail) => this.#put({ ...request, answer, fail }));
  }

  watch(path: string, listener: WatchListener): Promise<void> {
    return new Promise((resolve, reject) => {
      let isEnded = false;
      const finish = (settle: () => void) => () => {
        isEnded = true;
        settle();
      };
      const breakOff = (error: Error) => finish(() => reject(error))();
      listener.signal.addEventListener('abort', () => breakOff(new Error('aborted')));
      this.#put({
        path,
        get isEnded() {
          return isEnded;
        },
        open: () => listener.onOpen(),
        send(...events) {
          try {
            for (const event of events) listener.onLine(JSON.stringify(event));
          } catch (error) {
            breakOff(error instanceof Error ? error : new Error(String(error)));
          }
        },
        end: finish(resolve),
        break: breakOff,
      });
    });
  }

  /** The next request; it must not be a watch. */
  async nextRequest(): Promise<AskedRequest> {
    const asked = await this.#next();
    if (!('answer' in asked)) throw new Error(`A request was expected, not a watch of ${asked.path}.`);
    return asked;
  }

  /** The next watch; no request may come before it. */
  async nextWatch(): Promise<AskedWatch> {
    const asked = await this.#next();
    if ('answer' in asked) throw new Error(`A watch was expected, not ${asked.method} ${asked.path}.`);
    return asked;
  }

  /** What was asked and not taken by the test yet. */
  get untaken(): readonly string[] {
    return this.#asked.map(({ path }) => path);
  }

  #put(asked: AskedRequest | AskedWatch): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#asked.push(asked);
    else waiting(asked);
  }

  #next(): Promise<AskedRequest | AskedWatch> {
    const asked = this.#asked.shift();
    if (asked !== undefined) return Promise.resolve(asked);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
