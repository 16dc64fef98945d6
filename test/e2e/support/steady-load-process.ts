import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

/** A kind of request that the load repeats. */
export interface LoadTarget {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of the authority that is trusted; makes it HTTPS. */
  readonly authority?: string;
  /** Names of response headers that are part of the outcome. */
  readonly shows?: readonly string[];
}

/** How many requests to a target ended in one way. */
export interface Tally {
  readonly target: string;
  /** `200 stable`, or the code of the error that ended it. */
  readonly outcome: string;
  readonly count: number;
}

/** What a `collect` tells. */
export interface Collected {
  /** Requests that started after the collection before, and before this one. */
  readonly meanwhile: readonly Tally[];
  /** Requests that started after this collection was asked for. */
  readonly after: readonly Tally[];
  /** Connections that have ended otherwise than by us since the load began. */
  readonly brokenConnections: number;
}

/** What the test tells the load. */
export type ToLoad =
  | {
      readonly type: 'Start';
      readonly targets: readonly LoadTarget[];
      readonly requestsPerSecond: number;
      readonly connections: number;
    }
  | { readonly type: 'Collect'; readonly count: number };

/** What the load tells the test. */
export interface FromLoad extends Collected {
  readonly type: 'Collected';
}

/** Requests that started in one span of time. */
interface Phase {
  readonly outcomes: Map<string, number>;
  inFlight: number;
  completed: number;
}

const TICK_MS = 5;
const REQUEST_LIMIT_MS = 10_000;
const known = new WeakSet<Socket>();
let brokenConnections = 0;
let meanwhile = newPhase();
let current = meanwhile;
let onCompleted: () => void = () => undefined;

process.on('message', (message: ToLoad) => {
  if (message.type === 'Start') start(message);
  else collect(message.count);
});
// The test has ended without a word: nobody wants this load any more.
process.on('disconnect', () => process.exit(0));

function start({ targets, requestsPerSecond, connections }: Extract<ToLoad, { type: 'Start' }>): void {
  const lanes = targets.map((target) => ({ target, agent: agentOf(target, connections), inFlight: 0 }));
  const startedAt = performance.now();
  let started = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * requestsPerSecond) / 1000);
    // Where the machine is too busy for the rate, the backlog is dropped, else it would come as a burst.
    started = Math.max(started, due - requestsPerSecond / 10);
    for (; started < due; started += 1) {
      const lane = lanes[Math.floor(started) % lanes.length];
      if (lane === undefined || lane.inFlight >= connections) continue;
      lane.inFlight += 1;
      sendOne(lane.target, lane.agent, () => void (lane.inFlight -= 1));
    }
  }, TICK_MS);
}

function agentOf({ authority, host }: LoadTarget, connections: number): Agent {
  const options = { keepAlive: true, maxSockets: connections, scheduling: 'fifo' } as const;
  if (authority === undefined) return new HttpAgent(options);
  return new HttpsAgent({ ...options, ca: authority, servername: host.replace(/:\d+$/, '') });
}

function sendOne(target: LoadTarget, agent: Agent, onEnd: () => void): void {
  const phase = current;
  phase.inFlight += 1;
  let hasEnded = false;
  const end = (outcome: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    onEnd();
    const key = `${target.name}\n${outcome}`;
    phase.outcomes.set(key, (phase.outcomes.get(key) ?? 0) + 1);
    phase.inFlight -= 1;
    phase.completed += 1;
    onCompleted();
  };
  const { address, port, path, host, headers, authority } = target;
  const options = { host: address, port, path, agent, headers: { host, ...headers } };
  const sent = authority === undefined ? httpRequest(options) : httpsRequest(options);
  sent.setTimeout(REQUEST_LIMIT_MS, () => void sent.destroy(Object.assign(new Error(), { code: 'NoAnswer' })));
  sent.on('socket', watchConnection);
  sent.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  sent.on('response', (response) => readAnswer(response, target, end));
  sent.end();
}

function readAnswer(response: IncomingMessage, { shows = [] }: LoadTarget, end: (outcome: string) => void): void {
  response.resume();
  response.on('error', (error: NodeJS.ErrnoException) => end(`cut ${error.code ?? error.message}`));
  response.on('end', () => {
    const shown = shows.map((name) => `${name}=${String(response.headers[name] ?? '')}`);
    end([String(response.statusCode), String(response.headers['x-backend'] ?? '-'), ...shown].join(' '));
  });
}

function watchConnection(socket: Socket): void {
  if (known.has(socket)) return;
  known.add(socket);
  socket.once('close', () => void (brokenConnections += 1));
}

function collect(count: number): void {
  const before = meanwhile;
  const after = newPhase();
  current = after;
  onCompleted = () => {
    if (after.completed < count) return;
    if (current === after) {
      meanwhile = newPhase();
      current = meanwhile;
    }
    if (after.inFlight > 0 || before.inFlight > 0) return;
    onCompleted = () => undefined;
    const collected: FromLoad = {
      type: 'Collected',
      meanwhile: talliesOf(before),
      after: talliesOf(after),
      brokenConnections,
    };
    process.send?.(collected);
  };
}

function talliesOf({ outcomes }: Phase): readonly Tally[] {
  return [...outcomes].map(([key, count]) => {
    const [target = '', outcome = ''] = key.split('\n');
    return { target, outcome, count };
  });
}

function newPhase(): Phase {
  return { outcomes: new Map(), inFlight: 0, completed: 0 };
}
