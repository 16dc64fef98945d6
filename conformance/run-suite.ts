import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunSettings } from './settings.ts';

/** Addresses for GatewayStaticAddresses: loopback can be bound as it is; nothing has one of TEST-NET-1 (RFC 5737). */
const USABLE_ADDRESS = '127.64.255.1';
const UNUSABLE_ADDRESS = '192.0.2.1';

/** They count what a Pod has logged, which the embedded API cannot tell: no kubelet stands behind it. */
const TESTS_THAT_READ_LOGS = [
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
];

/** Runs the suite once. True: `go test` says that it passed. */
export async function runSuite(
  settings: RunSettings,
  kubeconfig: string,
  say: (line: string) => void,
): Promise<boolean> {
  const suite = spawn(join(settings.programs, 'conformance.test'), suiteArguments(settings), {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(settings.logs, 'suite.log'));
  suite.stdout.pipe(log, { end: false });
  suite.stderr.pipe(log, { end: false });
  createInterface({ input: suite.stdout }).on('line', (line) => {
    const told = tellable(line);
    if (told !== undefined) say(told);
  });
  const [code] = (await once(suite, 'close')) as [number | null];
  return code === 0;
}

/** The manifests of a test as it begins to run, and results, but not of what was skipped. */
function tellable(line: string): string | undefined {
  const [, manifest] = / Applying tests\/(\S+)\.yaml$/.exec(line) ?? [];
  return manifest ?? (/^ {4}--- (PASS|FAIL)|^ {8}--- FAIL|^(PASS|FAIL)$|^panic:/.test(line) ? line : undefined);
}

function suiteArguments({ gatewayApi, profiles, test, report, version }: RunSettings): readonly string[] {
  const flags: Readonly<Record<string, string>> = {
    'test.v': 'true',
    'test.timeout': '0',
    'test.run': '^TestConformance$',
    'conformance-profiles': profiles.join(','),
    'usable-address': USABLE_ADDRESS,
    'unusable-address': UNUSABLE_ADDRESS,
    ...(gatewayApi === undefined ? { 'skip-tests': TESTS_THAT_READ_LOGS.join(',') } : {}),
    ...(test === undefined ? {} : { 'run-test': test }),
    ...(report === undefined ? {} : { 'report-output': report, ...implementation(version) }),
  };
  return Object.entries(flags).map(([name, value]) => `-${name}=${value}`);
}

function implementation(version: string): Readonly<Record<string, string>> {
  return {
    organization: 'sallyport',
    project: 'sallyport',
    url: 'https://sallyport.dev',
    version,
    contact: 'https://sallyport.dev',
  };
}
