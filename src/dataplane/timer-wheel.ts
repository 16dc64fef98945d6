import type { Clock } from '../lib/clock.ts';

/** How often the wheel looks, milliseconds: timeouts end up to twice this late, never early. */
export const TICK_MS = 20;
const SLOTS = 512;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * One timeout of one owner, made once and armed many times. Arming it later than before only writes a number, which is
 * what every request does: the wheel moves the entry when it next meets it. It saves a timer object per request.
 */
export class Deadline {
  readonly #run: () => void;
  /** When to run, in wheel ticks; owned by the wheel. */
  at = NEVER;
  /** The tick whose slot holds this entry; -1: in no slot. */
  queuedAt = -1;
  next: Deadline | undefined;
  previous: Deadline | undefined;

  constructor(run: () => void) {
    this.#run = run;
  }

  run(): void {
    this.#run();
  }

  /** Nothing will run until it is armed again. */
  disarm(): void {
    this.at = NEVER;
  }
}

/** All timeouts of a worker on one coarse timer, which runs only while something is queued. */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: (Deadline | undefined)[] = Array.from({ length: SLOTS });
  readonly #originMs: number;
  #tick = 0;
  #queued = 0;
  #running = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.now();
  }

  /** Runs the deadline `delayMs` from now instead of when it was armed for before; 0 means never. */
  arm(deadline: Deadline, delayMs: number): void {
    if (delayMs === 0) {
      deadline.disarm();
      return;
    }
    if (!this.#running) this.#start();
    // The present tick has partly passed: one more makes sure that nothing ends early.
    deadline.at = this.#tick + Math.ceil(delayMs / TICK_MS) + 1;
    if (deadline.queuedAt === -1) this.#queue(deadline);
    else if (deadline.at < deadline.queuedAt) {
      this.#unqueue(deadline);
      this.#queue(deadline);
    }
  }

  #start(): void {
    this.#running = true;
    this.#tick = Math.floor((this.#clock.now() - this.#originMs) / TICK_MS);
    this.#clock.after(TICK_MS, () => this.#turn());
  }

  #turn(): void {
    const until = Math.floor((this.#clock.now() - this.#originMs) / TICK_MS);
    // After a long stall (a suspended machine) one round visits every slot; more would visit them twice.
    if (until - this.#tick > SLOTS) this.#tick = until - SLOTS;
    while (this.#tick < until) {
      this.#tick += 1;
      this.#visit(this.#tick % SLOTS);
    }
    this.#running = this.#queued > 0;
    if (this.#running) this.#clock.after(TICK_MS, () => this.#turn());
  }

  #visit(slot: number): void {
    let entry = this.#slots[slot];
    while (entry !== undefined) {
      this.#unqueue(entry);
      if (entry.at <= this.#tick) {
        entry.disarm();
        entry.run();
      } else if (entry.at !== NEVER) {
        this.#queue(entry);
      }
      entry = this.#slots[slot];
    }
  }

  #queue(entry: Deadline): void {
    entry.queuedAt = Math.min(entry.at, this.#tick + SLOTS - 1);
    const slot = entry.queuedAt % SLOTS;
    const head = this.#slots[slot];
    entry.next = head;
    entry.previous = undefined;
    if (head !== undefined) head.previous = entry;
    this.#slots[slot] = entry;
    this.#queued += 1;
  }

  #unqueue(entry: Deadline): void {
    if (entry.previous === undefined) this.#slots[entry.queuedAt % SLOTS] = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    entry.next = undefined;
    entry.previous = undefined;
    entry.queuedAt = -1;
    this.#queued -= 1;
  }
}
