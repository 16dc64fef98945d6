import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { StreamTarget } from './web-socket.ts';

/** An open stream of server-sent events. */
export interface OpenEventStream {
  /** Resolves when one more event has come; rejects when the stream breaks or an event is missing. */
  next(): Promise<void>;
  /** Why the stream ended, if it has. */
  readonly brokenBecause: string | undefined;
  /** The port of the client's end. */
  readonly clientPort: number;
  close(): void;
}

/** Opens the stream that an echo backend sends, and follows its numbers. */
export function openEventStream({ address, port, host, path }: StreamTarget): Promise<OpenEventStream> {
  return new Promise((resolve, reject) => {
    const sent = get({ host: address, port, path, headers: { host }, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      if (response.statusCode === 200) resolve(follow(response));
      else reject(new Error(`The stream was answered with ${response.statusCode}.`));
    });
  });
}

function follow(response: IncomingMessage): OpenEventStream {
  const waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let brokenBecause: string | undefined;
  let expected = 0;
  let pending = '';
  const fail = (reason: string): void => {
    brokenBecause ??= reason;
    for (const { reject } of waiting.splice(0)) reject(new Error(reason));
  };
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const events = `${pending}${text}`.split('\n\n');
    pending = events.pop() ?? '';
    for (const event of events) {
      if (event !== `id: ${expected}\ndata: ${expected}`) fail(`Event ${expected} was expected, not ${event}.`);
      expected += 1;
    }
    if (events.length > 0) for (const { resolve } of waiting.splice(0)) resolve();
  });
  response.on('error', ({ message }) => fail(message));
  response.on('close', () => fail('The stream was closed.'));
  return {
    get brokenBecause() {
      return brokenBecause;
    },
    clientPort: response.socket.localPort ?? 0,
    next: () =>
      new Promise((resolve, reject) => {
        if (brokenBecause !== undefined) reject(new Error(brokenBecause));
        else waiting.push({ resolve, reject });
      }),
    close: () => response.destroy(),
  };
}
