import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MODULE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../.cache/conformance', import.meta.url));
const VERSION = 'k8s.io/component-base/version';
const KUBERNETES = 'k8s.io/kubernetes';

/** Programs of the suite and of its pods, named as their images are. */
const SUITE_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'conformance.test': ['test', '-c', './suite'],
  'echo-basic': ['build', 'sigs.k8s.io/gateway-api/conformance/echo-basic'],
  coredns: ['build', './coredns'],
};

const CONTROL_PLANE_PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  etcd: ['build', './etcd'],
  'kube-apiserver': ['build', `${KUBERNETES}/cmd/kube-apiserver`],
  'kube-controller-manager': ['build', `${KUBERNETES}/cmd/kube-controller-manager`],
};

/** Builds the Go programs that are not in the cache, which is keyed by what they are built from. Returns their folder. */
export async function buildPrograms(options: { readonly withControlPlane: boolean }): Promise<string> {
  const folder = join(CACHE, await cacheKey());
  await mkdir(folder, { recursive: true });
  const programs = { ...SUITE_PROGRAMS, ...(options.withControlPlane ? CONTROL_PLANE_PROGRAMS : {}) };
  for (const [name, [verb = '', ...args]] of Object.entries(programs)) {
    const file = join(folder, name);
    if (existsSync(file)) continue;
    console.log(`Building ${name}.`);
    const unfinished = `${file}.${process.pid}`;
    await go([verb, '-o', unfinished, '-ldflags', linkerFlags(), ...args]);
    await rename(unfinished, file);
  }
  return folder;
}

/** Where Gateway API's own manifests are, of the version that `go.mod` pins. */
export async function gatewayApiFolder(): Promise<string> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', 'sigs.k8s.io/gateway-api'], {
    cwd: MODULE,
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** A Kubernetes that is built from its module says its version only if it is told. */
function linkerFlags(): string {
  const version = new RegExp(`\\s${KUBERNETES} (v\\d+\\.(\\d+)\\.\\S+)`).exec(
    readFileSync(join(MODULE, 'go.mod'), 'utf8'),
  );
  const [, gitVersion = '', minor = ''] = version ?? [];
  const values = { gitVersion, gitMajor: '1', gitMinor: minor, gitTreeState: 'clean' };
  return ['-s -w', ...Object.entries(values).map(([name, value]) => `-X ${VERSION}.${name}=${value}`)].join(' ');
}

async function cacheKey(): Promise<string> {
  const sources = (await readdir(MODULE, { recursive: true })).filter((name) => /\.(go|mod|sum)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const name of sources)
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(MODULE, name)));
  return hash.digest('hex').slice(0, 16);
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn('go', args, {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`"go ${args.join(' ')}" ended with ${code}.`);
}
