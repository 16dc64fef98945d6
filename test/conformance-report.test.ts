import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { withResult } from '../conformance/readme.ts';
import { EMBEDDED_FEATURES } from '../src/engine/embedded/features.ts';

interface Result {
  readonly result: string;
  readonly statistics: { readonly Failed: number; readonly Passed: number; readonly Skipped: number };
}

interface Report {
  readonly profiles: readonly [
    { readonly core: Result; readonly extended: Result & { readonly supportedFeatures: readonly string[] } },
  ];
}

/** What the profile takes for granted, so that its report does not list it. */
const CORE_FEATURES = ['Gateway', 'HTTPRoute', 'ReferenceGrant'];

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

const report = read('../conformance/reports/kubernetes.yaml');
const [{ core, extended }] = (parse(report) as Report).profiles;

describe('the report of the official conformance suite', () => {
  test('says that all core tests passed', () => {
    expect(core).toEqual({ result: 'success', statistics: { Failed: 0, Passed: 37, Skipped: 0 } });
  });

  test('says that all tests of the features we claim passed', () => {
    expect(extended.statistics).toMatchObject({ Failed: 0, Skipped: 0 });
  });

  test('is what the README shows', () => {
    const readme = read('../README.md');
    expect(withResult(readme, report)).toBe(readme);
  });

  test('is about the features that a GatewayClass shows, no more and no fewer', () => {
    expect([...CORE_FEATURES, ...extended.supportedFeatures].sort()).toEqual([...EMBEDDED_FEATURES].sort());
  });
});
