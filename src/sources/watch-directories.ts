import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import type { Clock, Timer } from '../lib/clock.ts';

/** Tells when something in a set of directories changes. */
export interface DirectoryWatch {
  /** Replaces the set of directories. */
  follow(directories: readonly string[]): void;
  close(): void;
}

/** Starts a watch that calls `onChange` after changes. */
export type WatchDirectories = (onChange: () => void) => DirectoryWatch;

/** How long the files must be quiet before a change is told, so that a file is not read while it is being written. */
const SETTLE_MS = 50;
/** How often a directory that cannot be watched is looked at instead. */
const FALLBACK_MS = 1_000;

/** Watches with the kernel's notifications; where these are not to be had, by looking every second. */
export function watchDirectories(clock: Clock): WatchDirectories {
  return (onChange) => new KernelWatch(clock, onChange);
}

class KernelWatch implements DirectoryWatch {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #wanted: ReadonlySet<string> = new Set();
  #settle: Timer | undefined;
  #fallback: Timer | undefined;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  follow(directories: readonly string[]): void {
    this.#wanted = new Set(directories);
    for (const directory of this.#watchers.keys()) {
      if (!this.#wanted.has(directory)) this.#drop(directory);
    }
    const added = [...this.#wanted].filter((directory) => !this.#watchers.has(directory));
    const unwatched = added.filter((directory) => !this.#watch(directory));
    // What changed between the scan and the watch was not told: look again.
    if (added.length > unwatched.length) this.#changed();
    this.#fallback?.cancel();
    this.#fallback = unwatched.length === 0 ? undefined : this.#clock.after(FALLBACK_MS, this.#onChange);
  }

  close(): void {
    this.#settle?.cancel();
    this.#fallback?.cancel();
    for (const directory of this.#watchers.keys()) this.#drop(directory);
  }

  #watch(directory: string): boolean {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        // Its own name tells that the directory went; another of that name needs a watch of its own.
        if (name === basename(directory)) this.#drop(directory);
        this.#changed();
      });
      // A watched directory that goes away is told as an error on some systems: the next scan finds out what is left.
      watcher.on('error', () => {
        this.#drop(directory);
        this.#changed();
      });
      this.#watchers.set(directory, watcher);
      return true;
    } catch {
      return false;
    }
  }

  #drop(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }

  #changed(): void {
    this.#settle?.cancel();
    this.#settle = this.#clock.after(SETTLE_MS, this.#onChange);
  }
}
