import { describe, expect, test } from 'vitest';
import { formatCheck } from './formats.ts';

const cases: readonly { readonly format: string; readonly good: readonly string[]; readonly bad: readonly string[] }[] =
  [
    { format: 'byte', good: ['', 'YQ==', 'YWJj\nYWJj\n'], bad: ['a', 'Y Q==', '*'] },
    { format: 'date', good: ['2024-02-29'], bad: ['2023-02-29', '2024-13-01', '24-1-1'] },
    {
      format: 'date-time',
      good: ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.123456Z', '2030-01-01T00:00:00+01:00'],
      bad: ['2030-01-01', '2030-01-01T25:00:00Z', '2030-02-30T00:00:00Z', 'now'],
    },
    { format: 'duration', good: ['1h30m', '90s', '0', '1.5h', '-1m'], bad: ['', '1', 'h', '1 hour ago'] },
    { format: 'ipv4', good: ['10.0.0.1'], bad: ['10.0.0', '::1', '256.0.0.1'] },
    { format: 'ipv6', good: ['::1', 'fe80::1'], bad: ['10.0.0.1', ':'] },
    { format: 'cidr', good: ['10.0.0.0/8', '::/0'], bad: ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/x'] },
    { format: 'mac', good: ['01:23:45:67:89:ab', '01-23-45-67-89-AB'], bad: ['01:23:45:67:89', '01:23-45:67:89:ab'] },
    { format: 'uuid', good: ['123e4567-e89b-12d3-a456-426614174000'], bad: ['123e4567'] },
    { format: 'hostname', good: ['example.com', 'a'], bad: ['-a', 'a..b', 'a_b'] },
    { format: 'email', good: ['a@example.com'], bad: ['a', 'a@', 'a b@c'] },
    { format: 'uri', good: ['https://example.com/', '/path'], bad: ['example'] },
  ];

describe('formatCheck', () => {
  test.each(cases)('$format', ({ format, good, bad }) => {
    const check = formatCheck(format);
    expect(good.filter((text) => check?.(text) !== true)).toEqual([]);
    expect(bad.filter((text) => check?.(text) !== false)).toEqual([]);
  });

  test('formats that are not checked have no check', () => {
    expect(formatCheck('int32')).toBeUndefined();
    expect(formatCheck('constructor')).toBeUndefined();
  });
});
