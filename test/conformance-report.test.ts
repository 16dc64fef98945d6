import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
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

const file = fileURLToPath(new URL('../conformance/reports/kubernetes.yaml', import.meta.url));
const [{ core, extended }] = (parse(readFileSync(file, 'utf8')) as Report).profiles;

describe('the report of the official conformance suite', () => {
  test('says that all core tests passed', () => {
    expect(core).toEqual({ result: 'success', statistics: { Failed: 0, Passed: 37, Skipped: 0 } });
  });

  test('says that all tests of the features we claim passed', () => {
    expect(extended.statistics).toMatchObject({ Failed: 0, Skipped: 0 });
  });

  test('is about the features that a GatewayClass shows, no more and no fewer', () => {
    expect([...CORE_FEATURES, ...extended.supportedFeatures].sort()).toEqual([...EMBEDDED_FEATURES].sort());
  });
});
