import { expect, test } from 'vitest';
import type { Finding } from '../analysis/topology.ts';
import { conditionFromFindings, plainCondition } from './condition-from-findings.ts';

const LONG = 'x'.repeat(30_000);

function findingOf(message: string): Finding {
  return {
    about: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default', name: 'web' },
    scope: { type: 'Parent', index: 0 },
    at: 'spec',
    condition: 'Accepted',
    status: 'False',
    reason: 'UnsupportedValue',
    message,
  };
}

test('a message that quotes long values is cut to what the API takes', () => {
  const findings = [findingOf(`${LONG}1`), findingOf(`${LONG}2`)];
  const { message } = conditionFromFindings(findings, 'Accepted=True/Accepted', { message: '', generation: 1 });
  expect(message).toHaveLength(32_768);
  expect(message.endsWith('…')).toBe(true);
});

test("a worker's long answer is cut as well", () => {
  const { message } = plainCondition('sallyport.dev/Programmed=False/Rejected', LONG + LONG, 1);
  expect(message).toHaveLength(32_768);
});
