import { expect, test } from 'vitest';
import { replaceOwn } from './replace-own.ts';

interface Entry {
  readonly of: 'us' | 'them';
  readonly name: string;
  readonly state?: string;
}

const us = (name: string, state = 'old'): Entry => ({ of: 'us', name, state });
const them = (name: string): Entry => ({ of: 'them', name });

test.each([
  { name: 'new entries come last', entries: [them('a')], own: [us('b')], expected: [them('a'), us('b')] },
  {
    name: 'an entry of ours keeps its place before those of others',
    entries: [us('a'), them('a')],
    own: [us('a', 'new')],
    expected: [us('a', 'new'), them('a')],
  },
  { name: 'entries of ours that are not wanted go', entries: [us('a'), them('a')], own: [], expected: [them('a')] },
  {
    name: 'one that stands there twice is left once',
    entries: [us('a'), them('b'), us('a')],
    own: [us('a', 'new')],
    expected: [us('a', 'new'), them('b')],
  },
])('$name', ({ entries, own, expected }) => {
  const identity = {
    isOurs: (entry: Entry) => entry.of === 'us',
    isSame: (one: Entry, other: Entry) => one.name === other.name,
  };
  expect(replaceOwn(entries, own, identity)).toEqual(expected);
});
