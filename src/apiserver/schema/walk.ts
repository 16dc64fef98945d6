import { type FieldError, invalid } from './field-error.ts';

/** Where a walk stands: the steps from the root, and what was found so far. */
export interface Walk {
  /** Property names (with their dot) and indexes (in brackets), in order. */
  readonly path: string[];
  readonly errors: FieldError[];
}

/** Checks one value. `old` is the value at the same place before an update, undefined if there is none. */
export type Check = (value: unknown, old: unknown, walk: Walk) => void;

/** The path that `walk` stands at, such as `spec.rules[0].name`; empty at the root. */
export function pathOf(walk: Walk): string {
  const path = walk.path.join('');
  return path.startsWith('.') ? path.slice(1) : path;
}

/** A complaint as Kubernetes writes it: with the path, and that it is about the body. */
export function inBody(walk: Walk, complaint: string): string {
  return `${pathOf(walk)} in body ${complaint}`;
}

/** Adds an error about the value at this place. */
export function complain(walk: Walk, value: unknown, complaint: string): void {
  walk.errors.push(invalid(pathOf(walk), value, inBody(walk, complaint)));
}
