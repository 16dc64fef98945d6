import { describe, expect, test } from 'vitest';
import { selectorProblem, selects } from './label-selectors.ts';

const LABELS = { team: 'web', tier: 'front' };

function expression(operator: string, key: string, ...values: readonly string[]) {
  return { matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] };
}

describe('selects', () => {
  test.each([
    { name: 'an empty selector', selector: {}, selected: true },
    { name: 'labels that are all there', selector: { matchLabels: { team: 'web' } }, selected: true },
    { name: 'a label with another value', selector: { matchLabels: { team: 'api' } }, selected: false },
    { name: 'In with the value', selector: expression('In', 'team', 'api', 'web'), selected: true },
    { name: 'In for a label that is absent', selector: expression('In', 'zone', 'a'), selected: false },
    { name: 'NotIn with the value', selector: expression('NotIn', 'team', 'web'), selected: false },
    { name: 'NotIn for a label that is absent', selector: expression('NotIn', 'zone', 'a'), selected: true },
    { name: 'Exists', selector: expression('Exists', 'tier'), selected: true },
    { name: 'DoesNotExist', selector: expression('DoesNotExist', 'tier'), selected: false },
    { name: 'an operator that does not exist', selector: expression('Like', 'team', 'w'), selected: false },
    { name: 'the name of a member of every object', selector: expression('constructor', 'team'), selected: false },
  ])('$selected for $name', ({ selector, selected }) => {
    expect(selectorProblem(selector) === undefined && selects(selector, LABELS)).toBe(selected);
  });
});

describe('selectorProblem', () => {
  test.each([
    { name: 'an unknown operator', selector: expression('Like', 'team', 'w'), problem: /"Like" is no operator/ },
    { name: 'In without values', selector: expression('In', 'team'), problem: /needs values/ },
    { name: 'Exists with values', selector: expression('Exists', 'team', 'w'), problem: /must have no values/ },
  ])('names $name', ({ selector, problem }) => {
    expect(selectorProblem(selector)).toMatch(problem);
  });
});
