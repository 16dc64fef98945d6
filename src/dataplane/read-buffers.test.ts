import { describe, expect, test } from 'vitest';
import { isCommon, ReadBuffers } from './read-buffers.ts';

const FULL = 65_536;

/** A connection whose reads have filled the common buffer, and the large one that it got. */
function largeReader() {
  const reads = new ReadBuffers();
  return { reads, large: reads.next(FULL, true) };
}

describe('the buffers of a connection', () => {
  test('are the common one, until a read of a body fills it', () => {
    const reads = new ReadBuffers();
    expect(isCommon(reads.next(0, false))).toBe(true);
    expect(isCommon(reads.next(FULL - 1, true))).toBe(true);
    expect(isCommon(reads.next(FULL, false))).toBe(true);
    const large = reads.next(FULL, true);
    expect(isCommon(large)).toBe(false);
    expect(large.length).toBeGreaterThan(FULL);
    expect(reads.next(large.length, true)).toBe(large);
    expect(isCommon(reads.next(1_000, true))).toBe(true);
  });

  test('are the common one as long as what was read into the large one is not written', () => {
    const { reads, large } = largeReader();
    reads.lend(true);
    expect(isCommon(reads.next(large.length, true))).toBe(true);
    expect(isCommon(reads.next(FULL, true))).toBe(true);
    reads.lend(false);
    expect(reads.next(FULL, true)).toBe(large);
    reads.release();
  });

  test('are passed on to the next connection when nothing of them is in use', () => {
    const { reads, large } = largeReader();
    reads.release();
    const next = largeReader();
    expect(next.large).toBe(large);
    next.reads.release();
  });

  test('are not passed on while they are being written', () => {
    const { reads, large } = largeReader();
    reads.lend(true);
    expect(isCommon(reads.next(large.length, false))).toBe(true);
    const others = Array.from({ length: 40 }, largeReader);
    expect(others.map((other) => other.large)).not.toContain(large);
    for (const other of others) other.reads.release();
  });

  test('are the common one for those who come when 32 others have large ones', () => {
    const readers = Array.from({ length: 33 }, largeReader);
    expect(readers.map(({ large }) => isCommon(large)).indexOf(true)).toBe(32);
    readers[0]?.reads.release();
    expect(isCommon(readers[32]?.reads.next(FULL, true) ?? Buffer.alloc(0))).toBe(false);
    for (const { reads } of readers) reads.release();
  });
});
