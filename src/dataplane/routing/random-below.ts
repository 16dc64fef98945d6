/** An integer drawn evenly from `[0, below)`; `below` is at least 1. */
export type RandomBelow = (below: number) => number;

/** For shares of traffic, not for secrets. */
export const randomBelow: RandomBelow = (below) => Math.floor(Math.random() * below);
