import { expect, test } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { Deadline, TICK_MS, TimerWheel } from './timer-wheel.ts';

function started() {
  const clock = new ManualClock(1_000_003);
  const wheel = new TimerWheel(clock);
  const ranAt: number[] = [];
  const deadline = new Deadline(() => ranAt.push(clock.now() - 1_000_003));
  return { clock, wheel, ranAt, deadline };
}

test.each([1, 19, 20, 21, 1_000, 10_239, 10_240, 75_000, 3_600_000])(
  'a deadline of %i ms is met, never early and at most two ticks late',
  (ms) => {
    for (const offset of [0, 7, 19]) {
      const { clock, wheel, ranAt, deadline } = started();
      wheel.arm(new Deadline(() => undefined), 1);
      clock.advance(offset);
      wheel.arm(deadline, ms);
      clock.advance(ms + 3 * TICK_MS);
      expect(ranAt).toHaveLength(1);
      expect(ranAt[0]).toBeGreaterThanOrEqual(ms + offset);
      expect(ranAt[0]).toBeLessThanOrEqual(ms + offset + 2 * TICK_MS);
    }
  },
);

test('a deadline that is armed again runs once, at the later time', () => {
  const { clock, wheel, ranAt, deadline } = started();
  wheel.arm(deadline, 100);
  clock.advance(90);
  wheel.arm(deadline, 1_000);
  clock.advance(900);
  expect(ranAt).toEqual([]);
  clock.advance(200);
  expect(ranAt).toHaveLength(1);
});

test('a deadline that is armed again runs once, at the earlier time', () => {
  const { clock, wheel, ranAt, deadline } = started();
  wheel.arm(deadline, 100_000);
  wheel.arm(deadline, 100);
  clock.advance(200_000);
  expect(ranAt).toHaveLength(1);
  expect(ranAt[0]).toBeLessThan(200);
});

test('a deadline that is disarmed, or armed with zero, never runs', () => {
  const { clock, wheel, ranAt, deadline } = started();
  wheel.arm(deadline, 100);
  deadline.disarm();
  clock.advance(1_000);
  wheel.arm(deadline, 100);
  wheel.arm(deadline, 0);
  clock.advance(1_000);
  expect(ranAt).toEqual([]);
});

test('a deadline may arm itself while it runs', () => {
  const clock = new ManualClock();
  const wheel = new TimerWheel(clock);
  let runs = 0;
  const deadline: Deadline = new Deadline(() => {
    runs += 1;
    wheel.arm(deadline, 100);
  });
  wheel.arm(deadline, 100);
  clock.advance(1_000);
  expect(runs).toBeGreaterThanOrEqual(7);
  expect(runs).toBeLessThanOrEqual(10);
});
