import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  { text: '0s', ms: 0 },
  { text: '1h', ms: 3_600_000 },
  { text: '30m', ms: 1_800_000 },
  { text: '10s', ms: 10_000 },
  { text: '500ms', ms: 500 },
  { text: '2h45m', ms: 9_900_000 },
  { text: '1h30m10s5ms', ms: 5_410_005 },
  { text: '10s30m1h', ms: 5_410_000 },
  { text: '100000s', ms: undefined },
  { text: '1h1m1s1ms1s', ms: undefined },
  { text: '1.5s', ms: undefined },
  { text: '-1s', ms: undefined },
  { text: '1d', ms: undefined },
  { text: '10', ms: undefined },
  { text: '', ms: undefined },
])('"$text" is $ms ms', ({ text, ms }) => {
  expect(parseDuration(text)).toBe(ms);
});
