import { describe, expect, test } from 'vitest';
import { namespaceKind } from '../api/core/namespace.ts';
import { secretKind } from '../api/core/secret.ts';
import { ApiError } from '../store/api-error.ts';
import type { ApiObject } from './object-body.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';

function labelled(labels: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'ns', labels }, type: 'Opaque' };
}

describe('label selectors', () => {
  const red = labelled({ team: 'red', 'example.com/tier': 'web' });
  const none = labelled({});

  test.each([
    { selector: 'team=red', selectsRed: true, selectsNone: false },
    { selector: 'team==red', selectsRed: true, selectsNone: false },
    { selector: 'team!=red', selectsRed: false, selectsNone: true },
    { selector: 'team in (red, blue)', selectsRed: true, selectsNone: false },
    { selector: 'team notin (red,blue)', selectsRed: false, selectsNone: true },
    { selector: 'team', selectsRed: true, selectsNone: false },
    { selector: '!team', selectsRed: false, selectsNone: true },
    { selector: 'team=red,example.com/tier=web', selectsRed: true, selectsNone: false },
    { selector: 'team in (red),example.com/tier!=web', selectsRed: false, selectsNone: false },
    { selector: 'constructor', selectsRed: false, selectsNone: false },
  ])('$selector', ({ selector, selectsRed, selectsNone }) => {
    const selects = parseLabelSelector(selector);
    expect([selects?.(red), selects?.(none)]).toEqual([selectsRed, selectsNone]);
  });

  test('nothing at all selects everything', () => {
    expect(parseLabelSelector('')).toBeUndefined();
    expect(parseLabelSelector(' , ')).toBeUndefined();
  });

  test.each(['a===b', 'a in b', '=b', 'a b', '-a=b'])('%s cannot be read', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(ApiError);
  });
});

describe('field selectors', () => {
  const secret = labelled({});

  test.each([
    { selector: 'metadata.name=x', selects: true },
    { selector: 'metadata.name!=x', selects: false },
    { selector: 'metadata.namespace==ns,type=Opaque', selects: true },
    { selector: 'type=kubernetes.io/tls', selects: false },
  ])('$selector', ({ selector, selects }) => {
    expect(parseFieldSelector(selector, secretKind)?.(secret)).toBe(selects);
  });

  test('only fields that the kind offers can be selected by', () => {
    expect(() => parseFieldSelector('type=Opaque', namespaceKind)).toThrow('field label not supported: type');
    expect(() => parseFieldSelector('metadata.name', secretKind)).toThrow('invalid selector');
  });
});
