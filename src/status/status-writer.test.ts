import { describe, expect, test } from 'vitest';
import type { KubeObject, ObjectRef } from '../api/object.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import type { StatusWriterOptions } from './status-writer.ts';
import { StatusWriter } from './status-writer.ts';

function ref(name: string): ObjectRef {
  return { group: '', kind: 'Thing', namespace: 'default', name };
}

/** A writer whose client answers when it is told to, and what it has written. */
function startWriter(options: Partial<StatusWriterOptions> = {}) {
  const clock = new ManualClock();
  const written: string[] = [];
  let status: unknown = 'first';
  let failure: Error | undefined;
  const writer = new StatusWriter({
    clock,
    statusFor: () => status,
    onError: () => undefined,
    client: {
      async editStatus({ name }, edit) {
        if (failure !== undefined) throw failure;
        const object: KubeObject = { apiVersion: 'v1', kind: 'Thing', metadata: { name } };
        const next = edit(object);
        if (next !== undefined) written.push(`${name} ${JSON.stringify(next)}`);
      },
    },
    ...options,
  });
  return {
    clock,
    writer,
    written,
    setStatus: (next: unknown) => void (status = next),
    fail: (error: Error | undefined) => void (failure = error),
    /** Lets a first change settle and be written. */
    settle: async () => {
      clock.advance(10);
      await settled();
    },
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('StatusWriter', () => {
  test('writes the first change once it has settled and the newest of later ones when the interval has passed', async () => {
    const { clock, writer, written, setStatus, settle } = startWriter();
    writer.enqueue(ref('a'));
    await settle();
    expect(written).toEqual(['a "first"']);
    setStatus('second');
    writer.enqueue(ref('a'));
    setStatus('third');
    writer.enqueue(ref('a'));
    clock.advance(249);
    await settled();
    expect(written).toEqual(['a "first"']);
    clock.advance(1);
    await settled();
    expect(written).toEqual(['a "first"', 'a "third"']);
  });

  test('writes a change together with what follows from it at once', async () => {
    const { clock, writer, written, setStatus, settle } = startWriter();
    writer.enqueue(ref('a'));
    clock.advance(9);
    setStatus('acknowledged');
    writer.enqueue(ref('a'));
    await settle();
    expect(written).toEqual(['a "acknowledged"']);
  });

  test('does not count what needed no writing', async () => {
    const { writer, written, setStatus, settle } = startWriter();
    setStatus(undefined);
    writer.enqueue(ref('a'));
    await settle();
    setStatus('real');
    writer.enqueue(ref('a'));
    await settle();
    expect(written).toEqual(['a "real"']);
  });

  test('lets one object not wait for another', async () => {
    const { writer, written, settle } = startWriter();
    writer.enqueue(ref('a'));
    await settle();
    writer.enqueue(ref('a'));
    writer.enqueue(ref('b'));
    await settle();
    expect(written).toEqual(['a "first"', 'b "first"']);
  });

  test('has only so many writes under way', async () => {
    const open: (() => void)[] = [];
    const client = { editStatus: () => new Promise<void>((resolve) => open.push(resolve)) };
    const { writer, settle } = startWriter({ client, maxConcurrent: 2 });
    for (const name of ['a', 'b', 'c']) writer.enqueue(ref(name));
    await settle();
    expect(open).toHaveLength(2);
    open[0]?.();
    await settled();
    expect(open).toHaveLength(3);
    for (const finish of open) finish();
    await writer.close();
  });

  test('tries again after a failure, waiting longer each time', async () => {
    const { clock, writer, written, fail, settle } = startWriter();
    fail(new Error('gone'));
    writer.enqueue(ref('a'));
    await settle();
    clock.advance(500);
    await settled();
    fail(undefined);
    clock.advance(999);
    await settled();
    expect(written).toEqual([]);
    clock.advance(1);
    await settled();
    expect(written).toEqual(['a "first"']);
  });

  test('waits at its end for what is under way, and drops what is not', async () => {
    const { clock, writer, written, setStatus, settle } = startWriter();
    writer.enqueue(ref('a'));
    await settle();
    setStatus('late');
    writer.enqueue(ref('a'));
    await writer.close();
    clock.advance(1_000);
    await settled();
    expect(written).toEqual(['a "first"']);
  });
});
