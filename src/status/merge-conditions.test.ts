import { describe, expect, test } from 'vitest';
import type { Condition } from '../api/condition.ts';
import { isOutdated, mergeConditions } from './merge-conditions.ts';

const BEFORE = '2026-01-01T00:00:00Z';
const NOW = '2026-02-02T00:00:00Z';

function condition(type: string, status: Condition['status'], observedGeneration = 1): Condition {
  return { type, status, reason: 'Some', message: 'Text.', observedGeneration, lastTransitionTime: BEFORE };
}

function wanted(type: string, status: Condition['status']) {
  return { type, status, reason: 'Other', message: 'New text.', observedGeneration: 2 };
}

describe('mergeConditions', () => {
  test('keeps the time of a condition whose status stays, though reason and message change', () => {
    const merged = mergeConditions([condition('Accepted', 'True')], [wanted('Accepted', 'True')], NOW);
    expect(merged).toEqual([{ ...wanted('Accepted', 'True'), lastTransitionTime: BEFORE }]);
  });

  test('sets the time of a condition whose status changes', () => {
    const merged = mergeConditions([condition('Accepted', 'False')], [wanted('Accepted', 'True')], NOW);
    expect(merged[0]?.lastTransitionTime).toBe(NOW);
  });

  test('keeps conditions of types that are not ours, and takes out those of ours that are not wanted', () => {
    const previous = [condition('example.com/Paid', 'True'), condition('PartiallyInvalid', 'True')];
    const merged = mergeConditions(previous, [wanted('Accepted', 'True')], NOW);
    expect(merged.map(({ type }) => type)).toEqual(['Accepted', 'example.com/Paid']);
  });

  test('never makes more than eight, and gives up foreign ones first', () => {
    const previous = Array.from({ length: 8 }, (_, index) => condition(`example.com/${index}`, 'True'));
    const merged = mergeConditions(previous, [wanted('Accepted', 'True'), wanted('ResolvedRefs', 'True')], NOW);
    expect(merged.map(({ type }) => type).slice(0, 2)).toEqual(['Accepted', 'ResolvedRefs']);
    expect(merged).toHaveLength(8);
  });
});

describe('isOutdated', () => {
  test.each([
    { name: 'a newer generation of ours', conditions: [condition('Accepted', 'True', 3)], outdated: true },
    { name: 'the same generation', conditions: [condition('Accepted', 'True', 2)], outdated: false },
    {
      name: 'a newer generation of somebody else',
      conditions: [condition('example.com/x', 'True', 9)],
      outdated: false,
    },
    { name: 'no conditions at all', conditions: undefined, outdated: false },
  ])('is $outdated for $name', ({ conditions, outdated }) => {
    expect(isOutdated(conditions, 2)).toBe(outdated);
  });
});
