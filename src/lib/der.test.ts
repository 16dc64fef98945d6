import { expect, test } from 'vitest';
import { bitString, explicit, integer, objectIdentifier, octetString, sequence, time } from './der.ts';

test.each([
  {
    name: 'an object identifier with a large arc',
    value: objectIdentifier('1.2.840.10045.4.3.2'),
    hex: '06082a8648ce3d040302',
  },
  { name: 'a structure', value: sequence(integer(Buffer.from([5]))), hex: '3003020105' },
  { name: 'an explicit tag', value: explicit(3, integer(Buffer.from([2]))), hex: 'a303020102' },
  { name: 'a string of bits', value: bitString(Buffer.from([0x80]), 7), hex: '03020780' },
  { name: 'a length of two bytes', value: octetString(Buffer.alloc(300)).subarray(0, 5), hex: '0482012c00' },
  {
    name: 'a length of one byte beyond the short form',
    value: octetString(Buffer.alloc(128)).subarray(0, 4),
    hex: '04818000',
  },
  { name: 'a time in 2049', value: time(Date.UTC(2049, 11, 31, 23, 59, 59)), hex: `170d${hexOf('491231235959Z')}` },
  { name: 'a time in 2050', value: time(Date.UTC(2050, 0, 1)), hex: `180f${hexOf('20500101000000Z')}` },
])('$name', ({ value, hex }) => {
  expect(value.toString('hex')).toBe(hex);
});

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}
