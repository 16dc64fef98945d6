import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCertificate } from '../contract/self-signed.ts';
import { measureControlPlane } from './control-plane.ts';
import { measureDataPlane } from './data-plane.ts';
import { asStream, benchManifests, route } from './manifests.ts';
import { haproxyPeer, nginxPeer, type Peer, startBackend, writePem } from './peers.ts';
import { isInstalled } from './processes.ts';
import { renderTable, type Result, verdictOf } from './results.ts';
import { startSallyport } from './sallyport.ts';

/** Prints what Sallyport costs, as ratios to its peers in the same run. `--strict`: exit code 1 if a budget is exceeded. */
const { values: options } = parseArgs({
  options: {
    strict: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
  },
});

async function dataPlane(directory: string): Promise<readonly Result[]> {
  const backend = await startBackend(directory);
  const certificate = await makeCertificate();
  const pem = writePem(directory, certificate);
  const sallyport = await startSallyport(
    directory,
    asStream([...benchManifests(backend.port, certificate), route('all', '/')]),
  );
  const peers: Peer[] = [
    {
      name: 'Sallyport',
      httpUrl: `http://${sallyport.address}:8080`,
      httpsUrl: `https://${sallyport.address}:8443`,
      pids: [sallyport.worker],
      supervisor: sallyport.supervisor,
      stop: () => sallyport.stop(),
    },
    await nginxPeer(directory, backend.port, pem),
  ];
  try {
    if (isInstalled('haproxy')) peers.push(await haproxyPeer(directory, backend.port, pem));
    return await measureDataPlane(peers, { rounds: Number(options.rounds), seconds: Number(options.seconds) });
  } finally {
    for (const peer of peers) await peer.stop();
    await backend.stop();
  }
}

async function run(): Promise<readonly Result[]> {
  const missing = new Set(['taskset', 'nginx', 'haproxy', 'wrk'].filter((program) => !isInstalled(program)));
  for (const program of missing) console.log(`${program} is not installed: what needs it is skipped.`);
  if (missing.has('taskset')) return [];
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  try {
    const hasPeers = !missing.has('nginx') && !missing.has('wrk');
    return [
      ...(options.only !== 'control' && hasPeers ? await dataPlane(directory) : []),
      ...(options.only !== 'data' ? await measureControlPlane(directory) : []),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const results = await run();
console.log(renderTable(results));
const over = results.filter((result) => verdictOf(result) === 'over');
for (const { name } of over) console.log(`Over its budget: ${name}.`);
if (options.strict && over.length > 0) process.exitCode = 1;
