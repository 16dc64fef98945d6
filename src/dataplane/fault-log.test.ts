import { expect, test } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { faultLog } from './fault-log.ts';

test('a fault is told in one line with its place, and those that come too fast are counted', () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const onFault = faultLog(clock, (line) => lines.push(line));
  onFault(new Error('first'));
  onFault(new Error('second'));
  onFault(new Error('third'));
  clock.advance(1_000);
  onFault('fourth');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^A fault of the gateway ended a connection: Error: first at .*fault-log\.test\.ts.*\n$/);
  expect(lines[1]).toBe('A fault of the gateway ended a connection (and 2 before it that were not told): fourth\n');
});
