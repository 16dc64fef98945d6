import { expect, test } from 'vitest';
import { humanDuration } from './human-duration.ts';

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  { seconds: -5, shown: '<invalid>' },
  { seconds: -1, shown: '0s' },
  { seconds: 0, shown: '0s' },
  { seconds: 119, shown: '119s' },
  { seconds: 2 * MINUTE, shown: '2m' },
  { seconds: 9 * MINUTE + 59, shown: '9m59s' },
  { seconds: 10 * MINUTE + 30, shown: '10m' },
  { seconds: 179 * MINUTE, shown: '179m' },
  { seconds: 3 * HOUR, shown: '3h' },
  { seconds: 7 * HOUR + 5 * MINUTE, shown: '7h5m' },
  { seconds: 47 * HOUR, shown: '47h' },
  { seconds: 2 * DAY, shown: '2d' },
  { seconds: 7 * DAY + 23 * HOUR, shown: '7d23h' },
  { seconds: 100 * DAY, shown: '100d' },
  { seconds: 800 * DAY, shown: '2y70d' },
  { seconds: 9 * 365 * DAY, shown: '9y' },
])('$seconds seconds are shown as $shown', ({ seconds, shown }) => {
  expect(humanDuration(seconds * 1000)).toBe(shown);
});
