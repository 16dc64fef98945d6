import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly from: string;
  /** Relative to `src`, or a package. */
  readonly to: string;
  readonly isLazy: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));
const sources = files.filter(({ name }) => !name.endsWith('.test.ts') && !name.includes('testdata/'));
const imports = sources.flatMap(({ name, text }) => importsOf(name, text));

function importsOf(from: string, text: string): readonly Import[] {
  // Types are erased: they tie no layer to another at run time, but they do tie their words, so they count as well.
  const statics = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm)];
  const lazies = [...text.matchAll(/\bimport\('([^']+)'\)/g)];
  const resolved = (target: string) =>
    target.startsWith('.') ? relative(src, join(src, dirname(from), target)) : target;
  return [
    ...statics.map((found) => ({ from, to: resolved(found[1] ?? found[2] ?? ''), isLazy: false })),
    ...lazies.map((found) => ({ from, to: resolved(found[1] ?? ''), isLazy: true })),
  ];
}

/** What each layer may import besides itself: the table of ARCHITECTURE.md. A name that ends in `/` is a folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  api: ['lib/'],
  telemetry: ['api/', 'lib/'],
  store: ['api/', 'lib/'],
  apiserver: ['store/', 'api/', 'lib/', 'telemetry/'],
  kube: ['store/', 'api/', 'lib/', 'telemetry/'],
  sources: ['store/', 'api/', 'lib/', 'telemetry/'],
  analysis: ['api/', 'lib/', 'store/snapshot.ts'],
  plan: ['analysis/', 'api/', 'lib/'],
  status: ['analysis/', 'api/', 'lib/', 'engine/engine-report.ts', 'store/object-client.ts', 'store/snapshot.ts'],
  engine: ['plan/', 'api/object.ts', 'lib/', 'telemetry/'],
  dataplane: ['plan/types.ts', 'api/object.ts', 'lib/', 'telemetry/', 'engine/embedded/protocol.ts'],
  admin: ['engine/engine-report.ts', 'api/object.ts', 'lib/', 'telemetry/'],
  controller: [
    'admin/',
    'analysis/',
    'api/',
    'apiserver/',
    'engine/',
    'kube/',
    'lib/',
    'plan/',
    'sources/',
    'status/',
    'store/',
    'telemetry/',
  ],
  cli: ['admin/contract.ts', 'api/object.ts', 'lib/'],
};

/** What the command line may load when a command needs it, and whose types it may name. */
const CLI_LOADS_LAZILY = [
  'controller/control-plane.ts',
  'controller/sallyport-event.ts',
  'controller/start.ts',
  'controller/start-controller.ts',
  'sources/scan-manifests.ts',
];

function isAllowed({ from, to, isLazy }: Import, isTypeOnly: boolean): boolean {
  const layer = from.split('/', 1)[0] ?? '';
  if (to.startsWith(`${layer}/`)) return true;
  if (layer === 'cli' && (isLazy || isTypeOnly) && CLI_LOADS_LAZILY.includes(to)) return true;
  return (MAY_IMPORT[layer] ?? []).some((allowed) => (allowed.endsWith('/') ? to.startsWith(allowed) : to === allowed));
}

function isTypeOnly({ from, to }: Import): boolean {
  const text = sources.find(({ name }) => name === from)?.text ?? '';
  const file = to.split('/').at(-1) ?? '';
  return !new RegExp(`^import (?!type )[^;]*?/${file.replaceAll('.', '\\.')}'`, 'm').test(text);
}

describe('architecture', () => {
  test('every folder of src has a row in the layer table', () => {
    const layers = new Set(sources.map(({ name }) => name.split('/', 1)[0]));
    expect([...layers].filter((layer) => layer !== undefined && !(layer in MAY_IMPORT))).toEqual([]);
  });

  test('layers import only what the table lets them', () => {
    const inner = imports.filter(({ to }) => to.endsWith('.ts'));
    const wrong = inner.filter((found) => !isAllowed(found, isTypeOnly(found)));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('the pure layers touch no clock, no file, no socket', () => {
    const effects = /^node:(?:fs|tls|http|https|http2|child_process|timers|dns|dgram)(?:\/|$)/;
    const pure = imports.filter(({ from, to }) => /^(?:analysis|plan)\//.test(from) && effects.test(to));
    expect(pure.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no file imports itself, directly or by way of others', () => {
    const runtime = imports.filter((found) => !found.isLazy && !isTypeOnly(found));
    const graph = new Map(
      sources.map(({ name }) => [name, runtime.filter(({ from }) => from === name).map(({ to }) => to)]),
    );
    expect(cyclesIn(graph)).toEqual([]);
  });

  test('the Kubernetes client library is loaded by the transport of cluster mode alone, when it runs', () => {
    const library = imports.filter(({ to }) => to === '@kubernetes/client-node');
    expect(library.filter((found) => !found.isLazy && !isTypeOnly(found))).toEqual([]);
    expect([...new Set(library.map(({ from }) => from))]).toEqual(['kube/cluster-transport.ts']);
  });

  test('no file is longer than 400 lines', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 401);
    expect(long.map(({ name }) => name)).toEqual([]);
  });

  test('there are no barrel files', () => {
    const barrels = sources.filter(
      ({ name, text }) => /(?:^|\/)index\.ts$/.test(name) || /^export \* from/m.test(text),
    );
    expect(barrels.map(({ name }) => name)).toEqual([]);
  });

  test.each([
    { name: 'default exports', pattern: /^export default/m },
    { name: 'enums', pattern: /^(?:export )?(?:const )?enum /m },
    { name: 'skipped or focused tests', pattern: /\b(?:test|describe|it)\.(?:skip|only|todo)\b/ },
  ])('no file holds $name', ({ pattern }) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (name: string): void => {
    if (path.includes(name)) return void cycles.push([...path.slice(path.indexOf(name)), name].join(' → '));
    if (done.has(name)) return;
    path.push(name);
    for (const next of graph.get(name) ?? []) visit(next);
    path.pop();
    done.add(name);
  };
  for (const name of graph.keys()) visit(name);
  return cycles;
}
