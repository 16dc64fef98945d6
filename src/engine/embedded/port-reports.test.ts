import { describe, expect, test } from 'vitest';
import type { PortReport } from '../engine-report.ts';
import { failedPort, mergePortReports } from './port-reports.ts';

const place = {
  socket: '127.64.0.1:8080',
  boundPort: 8080,
  port: { port: 80, protocol: 'HTTP' as const, listeners: [] },
};

describe('a port that cannot be opened', () => {
  test.each([
    { code: 'EACCES', cause: 'PortUnavailable', remedy: '--port-offset' },
    { code: 'EADDRINUSE', cause: 'PortUnavailable', remedy: '--port-offset' },
    { code: 'EADDRNOTAVAIL', cause: 'AddressNotUsable', remedy: 'spec.addresses' },
    { code: 'ENOBUFS', cause: 'PortUnavailable', remedy: 'ENOBUFS' },
  ])('for $code names the cause and what to do', ({ code, cause, remedy }) => {
    const report = failedPort(place, code);
    expect(report).toMatchObject({ port: 80, boundPort: 8080, state: 'Failed', cause });
    expect(report.message).toContain(remedy);
    expect(report.message).toContain('127.64.0.1:8080');
  });
});

test('a port that failed on one of its addresses has failed', () => {
  const bound: PortReport = { port: 80, boundPort: 8080, state: 'Bound' };
  const failed = failedPort(place, 'EADDRNOTAVAIL');
  const other: PortReport = { port: 79, boundPort: 8079, state: 'Bound' };
  expect(mergePortReports([bound, failed, bound, other])).toEqual([other, failed]);
});
