import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepEqual, reuse } from './structural-sharing.ts';

const anyData = fc.jsonValue({ maxDepth: 3 });

function copyOf<T>(value: T): T {
  return structuredClone(value);
}

describe('reuse', () => {
  test('gives the former object back when nothing has changed', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        expect(Object.is(reuse(data, copyOf(data)), data)).toBe(true);
      }),
    );
  });

  test('never changes the content', () => {
    fc.assert(
      fc.property(anyData, anyData, (previous, next) => {
        expect(reuse(previous, copyOf(next))).toEqual(next);
      }),
    );
  });

  test('keeps the parts that are as before', () => {
    const previous = { rules: [{ name: 'one' }, { name: 'two' }], hosts: ['a'] };
    const next = reuse(previous, { rules: [{ name: 'one' }, { name: 'changed' }], hosts: ['a'] });
    expect(next.rules[0]).toBe(previous.rules[0]);
    expect(next.hosts).toBe(previous.hosts);
    expect(next.rules[1]).toEqual({ name: 'changed' });
  });

  test('compares instances of classes by identity', () => {
    class Secret {
      readonly #value: string;
      constructor(value: string) {
        this.#value = value;
      }
      reveal(): string {
        return this.#value;
      }
    }
    const next = { material: new Secret('new') };
    expect(reuse({ material: new Secret('old') }, next).material.reveal()).toBe('new');
  });
});

describe('deepEqual', () => {
  test('takes a member that is undefined for absent', () => {
    expect(deepEqual({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(deepEqual({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(deepEqual({ a: 1, b: null }, { a: 1 })).toBe(false);
  });
});
