import type { Clock, Timer } from '../../lib/clock.ts';
import { type CounterSample, CounterSums } from '../../telemetry/counter-sums.ts';
import { Answers } from './answers.ts';
import type { FromWorker, SocketId, ToWorker, WorkerDelta, WorkerMetrics } from './protocol.ts';
import type { SocketHandle } from './socket-broker.ts';
import { type WorkerCommand, WorkerProcess } from './worker-process.ts';

/** What a pool is made of. */
export interface WorkerPoolOptions {
  readonly clock: Clock;
  readonly workers: number;
  readonly command: WorkerCommand;
  /** Sent to every worker before anything else. */
  readonly start: ToWorker;
  /** What a worker that joins must be told to be like the others. */
  state(): { readonly deltas: readonly WorkerDelta[]; readonly sockets: ReadonlyMap<SocketId, SocketHandle> };
  log(message: string): void;
}

/** What the workers made of a delta. All decide alike, as they hold the same state. */
export type DeltaOutcome = { readonly type: 'Applied' } | { readonly type: 'Rejected'; readonly message: string };

/** How long a worker may take to answer before it counts as stuck and is replaced. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How long a scrape waits for a busy worker. */
const METRICS_TIMEOUT_MS = 2_000;
/** A delta that ends workers this often is rejected instead of being tried on. */
const MOST_EXITS_OF_A_DELTA = 3;
/** How long workers may take to exit once their grace period is over. */
const EXIT_MS = 1_000;
/** Longest wait before another attempt to start a worker that ended before it could serve. */
const MAX_RESTART_DELAY_MS = 5_000;

interface Member {
  readonly process: WorkerProcess;
  /** `Joined`: has been sent the state and gets every message from then on. `Live`: it runs the state. */
  phase: 'Starting' | 'Joined' | 'Live';
  /** The sequence of the last delta of the state it was sent. */
  syncSequence: number;
  /** The last metrics it told. */
  metrics?: WorkerMetrics;
}

interface DeltaUnderWay {
  readonly message: ToWorker;
  readonly sequence: number;
  readonly answers: Answers<Member, DeltaOutcome>;
  exits: number;
  watchdog: Timer;
}

/** Keeps the workers alive and alike. One delta is under way at a time. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #members = new Set<Member>();
  readonly #listening = new Map<SocketId, Answers<Member, string | undefined>>();
  readonly #metricsReads = new Map<number, Answers<Member, WorkerMetrics>>();
  readonly #departed = new CounterSums();
  #underWay: DeltaUnderWay | undefined;
  #sequence = 0;
  #failedStarts = 0;
  #draining = false;
  #onFull: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;

  /** Resolves once all workers have been live at the same time. */
  readonly full: Promise<void>;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.full = new Promise((resolve) => {
      this.#onFull = resolve;
    });
    for (let index = 0; index < options.workers; index++) this.#spawn();
  }

  /** Process ids of the workers that run the state. */
  get livePids(): readonly number[] {
    return [...this.#members].flatMap(({ phase, process }) =>
      phase === 'Live' && process.pid !== undefined ? [process.pid] : [],
    );
  }

  /** What workers had counted when they were last asked before they ended: kept, so that no counter goes back. */
  get departed(): readonly CounterSample[] {
    return this.#departed.samples();
  }

  /**
   * Has all workers apply `delta`. `settle` is called in the step in which the last one answered, so that a worker
   * that joins sees either the state before with the delta to come, or the state after.
   */
  apply(delta: WorkerDelta, settle: (outcome: DeltaOutcome) => void): void {
    const sequence = ++this.#sequence;
    const message: ToWorker = { type: 'Delta', sequence, delta };
    const joined = this.#joined();
    const answers = new Answers<Member, DeltaOutcome>(joined, () => {
      const outcome = this.#outcome();
      if (outcome === undefined) return;
      this.#underWay?.watchdog.cancel();
      this.#underWay = undefined;
      if (outcome.type === 'Rejected') this.#endDissenters(answers);
      settle(outcome);
    });
    this.#underWay = { message, sequence, answers, exits: 0, watchdog: this.#watch() };
    for (const member of joined) member.process.send(message);
  }

  /** Has all workers listen on a socket. Resolves with an error code such as `EADDRINUSE` if they cannot. */
  listen(socket: SocketId, handle: SocketHandle): Promise<string | undefined> {
    return new Promise((resolve) => {
      const joined = this.#joined();
      const answers = new Answers<Member, string | undefined>(joined, ({ complete, given }) => {
        if (!complete) return;
        this.#listening.delete(socket);
        resolve([...given.values()].find((error) => error !== undefined));
      });
      if (joined.length === 0) resolve(undefined);
      else this.#listening.set(socket, answers);
      for (const member of joined) member.process.send({ type: 'Listen', socket }, handle);
    });
  }

  /** Has all workers stop accepting on a socket; its connections finish. */
  unlisten(socket: SocketId): void {
    for (const member of this.#joined()) member.process.send({ type: 'Unlisten', socket });
  }

  /** The metrics of the live workers; those of a worker too busy to answer are its last ones. */
  readMetrics(): Promise<readonly WorkerMetrics[]> {
    return new Promise((resolve) => {
      const request = ++this.#sequence;
      const joined = this.#joined();
      const finish = () => {
        timer.cancel();
        this.#metricsReads.delete(request);
        resolve([...this.#members].flatMap(({ metrics }) => metrics ?? []));
      };
      const timer = this.#options.clock.after(METRICS_TIMEOUT_MS, finish);
      const answers = new Answers<Member, WorkerMetrics>(joined, ({ complete }) => {
        if (complete) finish();
      });
      this.#metricsReads.set(request, answers);
      if (joined.length === 0) finish();
      for (const member of joined) member.process.send({ type: 'ReadMetrics', request });
    });
  }

  /** Ends the workers once requests under way have finished, at the latest after `graceMs`. */
  drain(graceMs: number): Promise<void> {
    this.#draining = true;
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(graceMs + EXIT_MS, () => {
        for (const { process } of this.#members) process.kill();
      });
      this.#onEmpty = () => {
        timer.cancel();
        resolve();
      };
      if (this.#members.size === 0) this.#onEmpty();
      for (const { phase, process } of this.#members) {
        if (phase === 'Starting') process.kill();
        else process.send({ type: 'Drain', graceMs });
      }
    });
  }

  #spawn(): void {
    const member: Member = {
      phase: 'Starting',
      syncSequence: 0,
      process: new WorkerProcess(this.#options.command, {
        onMessage: (message) => this.#receive(member, message),
        onExit: (because) => this.#replace(member, because),
      }),
    };
    this.#members.add(member);
  }

  #joined(): Member[] {
    return [...this.#members].filter(({ phase }) => phase !== 'Starting');
  }

  #receive(member: Member, message: FromWorker): void {
    switch (message.type) {
      case 'Ready':
        return this.#join(member);
      case 'Applied':
        return this.#answered(member, message.sequence, { type: 'Applied' });
      case 'Rejected':
        return this.#answered(member, message.sequence, message);
      case 'Listening':
        return this.#listening.get(message.socket)?.answer(member, message.error);
      case 'Metrics':
        member.metrics = message.metrics;
        return this.#metricsReads.get(message.request)?.answer(member, message.metrics);
    }
  }

  #join(member: Member): void {
    if (this.#draining) return member.process.kill();
    const { deltas, sockets } = this.#options.state();
    member.phase = 'Joined';
    member.process.send(this.#options.start);
    for (const delta of deltas) {
      member.syncSequence = ++this.#sequence;
      member.process.send({ type: 'Delta', sequence: member.syncSequence, delta });
    }
    for (const [socket, handle] of sockets) member.process.send({ type: 'Listen', socket }, handle);
    if (deltas.length === 0) this.#becomeLive(member);
    if (this.#underWay === undefined) return;
    this.#underWay.answers.expect(member);
    member.process.send(this.#underWay.message);
  }

  #answered(member: Member, sequence: number, outcome: DeltaOutcome): void {
    if (sequence === this.#underWay?.sequence) return this.#underWay.answers.answer(member, outcome);
    if (outcome.type === 'Rejected') {
      this.#options.log(`A new worker refuses the plan that is in effect: ${outcome.message}`);
      return member.process.kill();
    }
    if (sequence === member.syncSequence) this.#becomeLive(member);
  }

  #becomeLive(member: Member): void {
    member.phase = 'Live';
    this.#failedStarts = 0;
    const live = [...this.#members].filter(({ phase }) => phase === 'Live').length;
    if (live === this.#options.workers) this.#onFull?.();
  }

  /** Undefined while a worker is waited for, and while there is none that could tell. */
  #outcome(): DeltaOutcome | undefined {
    const underWay = this.#underWay;
    if (underWay === undefined) return undefined;
    if (underWay.exits >= MOST_EXITS_OF_A_DELTA) {
      return { type: 'Rejected', message: `The plan ended ${underWay.exits} workers that tried to apply it.` };
    }
    if (!underWay.answers.complete) return undefined;
    const outcomes = [...underWay.answers.given.values()];
    return outcomes.find(({ type }) => type === 'Rejected') ?? outcomes[0];
  }

  /** Workers that run a delta that others have rejected are replaced by ones that do not. */
  #endDissenters(answers: Answers<Member, DeltaOutcome>): void {
    for (const [member, outcome] of answers.given) if (outcome.type === 'Applied') member.process.kill();
    for (const member of answers.waiting) member.process.kill();
  }

  #watch(): Timer {
    return this.#options.clock.after(ANSWER_TIMEOUT_MS, () => {
      if (this.#underWay === undefined) return;
      for (const { process } of this.#underWay.answers.waiting) {
        this.#options.log(`Worker ${process.pid} does not answer and is replaced.`);
        process.kill();
      }
      this.#underWay.watchdog = this.#watch();
    });
  }

  #replace(member: Member, because: string): void {
    this.#members.delete(member);
    this.#departed.add(member.metrics?.counters ?? []);
    if (this.#underWay !== undefined) {
      if (this.#underWay.answers.waiting.has(member)) this.#underWay.exits++;
      this.#underWay.answers.forget(member);
    }
    for (const answers of this.#listening.values()) answers.forget(member);
    for (const answers of this.#metricsReads.values()) answers.forget(member);
    if (this.#draining) {
      if (this.#members.size === 0) this.#onEmpty?.();
      return;
    }
    this.#options.log(`Worker ${member.process.pid} is replaced: ${because}.`);
    if (member.phase === 'Live') return this.#spawn();
    const delayMs = Math.min(MAX_RESTART_DELAY_MS, 100 * 2 ** this.#failedStarts++);
    this.#options.clock.after(delayMs, () => {
      if (!this.#draining) this.#spawn();
    });
  }
}
