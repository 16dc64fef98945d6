import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPrograms, gatewayApiFolder } from './binaries.ts';
import { runAtKept } from './kept.ts';
import { withResult } from './readme.ts';
import type { RunSettings, SuiteSettings } from './settings.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { values } = parseArgs({
  options: {
    embedded: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    profile: { type: 'string', multiple: true, default: ['GATEWAY-HTTP'] },
    run: { type: 'string' },
    repeat: { type: 'string', default: '1' },
  },
});

if (values.embedded && values.keep) {
  console.error('--keep keeps a control plane, and with --embedded there is none.');
  process.exit(2);
}
const logs = fromHere('../.cache/conformance-logs');
const report = fromHere(`reports/${values.embedded ? 'embedded' : 'kubernetes'}.yaml`);
process.exitCode = (await runWhereKept()) ? 0 : 1;
if (values.run === undefined && !values.embedded) showInReadme();
console.log(`Logs are in ${logs}.`);

/** The README shows what the report says, whatever it says. */
function showInReadme(): void {
  const readme = fromHere('../README.md');
  writeFileSync(readme, withResult(readFileSync(readme, 'utf8'), readFileSync(report, 'utf8')));
}

/** At the control plane that an earlier command keeps, if there is one. */
async function runWhereKept(): Promise<boolean> {
  const suite: SuiteSettings = {
    profiles: values.profile,
    repeat: Number(values.repeat),
    ...(values.run === undefined ? { report } : { test: values.run }),
  };
  const keptAt = fromHere('../.cache/conformance.sock');
  const passed = values.embedded || values.keep ? undefined : await runAtKept(keptAt, suite);
  if (passed !== undefined) return passed;
  // Stays empty: what a run writes is in a file system of its own, mounted here where only the run sees it.
  const state = fromHere('../.cache/conformance-state');
  for (const folder of [logs, state]) mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(fromHere('../package.json'), 'utf8')) as { readonly version: string };
  return runInside({
    ...suite,
    programs: await buildPrograms({ withControlPlane: !values.embedded }),
    ...(values.embedded ? {} : { gatewayApi: await gatewayApiFolder() }),
    ...(values.keep ? { keptAt } : {}),
    state,
    logs,
    version,
  });
}

/**
 * Runs `inside.ts` as the first process of new namespaces, with no network but its own. Everything in them ends with it,
 * and it ends when this process ends or is told to stop. Without root the namespaces belong to a user namespace.
 */
async function runInside(settings: RunSettings): Promise<boolean> {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const program = [process.execPath, '--import', 'tsx', fromHere('inside.ts'), JSON.stringify(settings)];
  const child = spawn('unshare', [...namespaces, ...user, ...program], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'));
  // Closed, not exited: by then every process that inherited its output has ended.
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}
