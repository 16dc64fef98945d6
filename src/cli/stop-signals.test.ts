import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { whenAskedToStop } from './stop-signals.ts';

class FakeProcess extends EventEmitter {
  readonly exitCodes: number[] = [];

  exit(code: number): void {
    this.exitCodes.push(code);
  }
}

function asked({ drains }: { readonly drains: Promise<void> } = { drains: new Promise(() => undefined) }) {
  const target = new FakeProcess();
  const clock = new ManualClock();
  let stops = 0;
  const stop = () => {
    stops += 1;
    return drains;
  };
  whenAskedToStop(stop, target, clock);
  return { target, clock, stops: () => stops };
}

test('the first signal stops, and exits with 0 when that is done', async () => {
  const { target, stops } = asked({ drains: Promise.resolve() });
  target.emit('SIGTERM');
  expect(target.exitCodes).toEqual([]);
  await new Promise(setImmediate);
  expect(stops()).toBe(1);
  expect(target.exitCodes).toEqual([0]);
});

test('a signal that arrives twice at once, as below npm, is one', () => {
  const { target, clock, stops } = asked();
  target.emit('SIGINT');
  clock.advance(499);
  target.emit('SIGINT');
  expect(stops()).toBe(1);
  expect(target.exitCodes).toEqual([]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('a second signal, %s, exits at once with %i', (signal, code) => {
  const { target, clock, stops } = asked();
  target.emit('SIGINT');
  clock.advance(500);
  target.emit(signal);
  expect(stops()).toBe(1);
  expect(target.exitCodes).toEqual([code]);
});
