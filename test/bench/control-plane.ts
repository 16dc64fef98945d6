import { Agent, get } from 'node:http';
import { asStream, benchManifests, route } from './manifests.ts';
import { average, cpuMs, eventually, p99, pause, residentMib } from './processes.ts';
import type { Result } from './results.ts';
import { type Sallyport, startSallyport } from './sallyport.ts';
import { makeCertificate } from '../contract/self-signed.ts';
import { startBackend } from '../contract/traffic.ts';

const ROUTES = '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes';
const GATEWAY = '/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/bench';
const HOST = 'bench.example.com';
/** Routes that become live one after the other. */
const LIVE_ROUTES = 100;
const EDITS = 200;
/** As many as it takes until the engine of the language has compiled what an edit runs through. */
const WARM_EDITS = 2_000;
/** Edits come at this pace: an operator's, but without pause. */
const EDIT_EVERY_MS = 10;
const WRITERS = 16;

/** What one size of installation shows. */
interface Figures {
  readonly liveMs: readonly number[];
  /** CPU of supervisor and worker for one edit, milliseconds. */
  readonly editCpuMs: number;
  readonly residentMib: number;
}

/** Routes going live, edits, memory and status, among few and among many routes. */
export async function measureControlPlane(directory: string): Promise<readonly Result[]> {
  const backend = await startBackend('bench');
  const manifests = asStream(benchManifests(backend.port, await makeCertificate()));
  const few = await withRoutes(100, directory, manifests);
  const many = await withRoutes(5_000, directory, manifests);
  const attached = await attachMany(directory, manifests);
  backend.close();
  const among = (value: number) => ({ 'among 100': value });
  return [
    { name: 'A new route is live, among 100: average', value: average(few.liveMs), unit: 'ms', references: {} },
    { name: 'A new route is live, among 100: p99', value: p99(few.liveMs), unit: 'ms', references: {} },
    {
      name: 'A new route is live, among 5,000: average',
      value: average(many.liveMs),
      unit: 'ms',
      references: among(average(few.liveMs)),
    },
    {
      name: 'A new route is live, among 5,000: p99',
      value: p99(many.liveMs),
      unit: 'ms',
      references: among(p99(few.liveMs)),
    },
    { name: 'An edit among 100 routes: CPU', value: few.editCpuMs, unit: 'ms', references: {} },
    { name: 'An edit among 5,000 routes: CPU', value: many.editCpuMs, unit: 'ms', references: among(few.editCpuMs) },
    { name: 'A worker with 100 routes: resident memory', value: few.residentMib, unit: 'MiB', references: {} },
    { name: 'A worker with 5,000 routes: resident memory', value: many.residentMib, unit: 'MiB', references: {} },
    { name: '1,000 routes written at once: attachedRoutes', value: attached.routes, unit: 'routes', references: {} },
    {
      name: '1,000 routes written at once: until attachedRoutes is right',
      value: attached.ms,
      unit: 'ms',
      references: {},
    },
  ];
}

/** Routes as many teams have them: a hundred to a hostname, each with a path of its own. */
const otherRoute = (index: number) =>
  route(`other-${index}`, `/service-${index}`, [`team-${Math.floor(index / 100)}.example.com`]);

async function withRoutes(count: number, directory: string, manifests: string): Promise<Figures> {
  const others = Array.from({ length: count }, (_, index) => otherRoute(index));
  const sallyport = await startSallyport(directory, `${manifests}\n---\n${asStream(others)}`);
  try {
    await untilLive(sallyport, `team-0.example.com`, '/service-0');
    // What a program does once, compiling its own code above all, is not what an edit costs.
    await goLive(sallyport, 'warm', LIVE_ROUTES);
    const liveMs = await goLive(sallyport, 'live', LIVE_ROUTES);
    await edit(sallyport, { count: WARM_EDITS, label: 'warm', everyMs: 0 });
    await pause(1_000);
    const pids = [sallyport.supervisor, sallyport.worker];
    const before = cpuMs(pids);
    await edit(sallyport, { count: EDITS, label: 'counted', everyMs: EDIT_EVERY_MS });
    // The last status writes belong to the edits.
    await pause(1_000);
    return { liveMs, editCpuMs: (cpuMs(pids) - before) / EDITS, residentMib: residentMib(sallyport.worker) };
  } finally {
    await sallyport.stop();
  }
}

/** Writes routes one after the other; each is asked for from the acknowledgement until the first 200. */
async function goLive(sallyport: Sallyport, prefix: string, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const name = `${prefix}-${index}`;
    await expectStatus(201, sallyport.api('POST', ROUTES, route(name, `/${name}`, [HOST])));
    const acknowledged = performance.now();
    await untilLive(sallyport, HOST, `/${name}`);
    times.push(performance.now() - acknowledged);
  }
  for (let index = 0; index < count; index++) await sallyport.api('DELETE', `${ROUTES}/${prefix}-${index}`);
  return times;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function untilLive({ address }: Sallyport, host: string, path: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const status = await new Promise<number>((resolve, reject) => {
      get({ host: address, port: 8080, path, headers: { host }, agent }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      }).on('error', reject);
    });
    if (status === 200) return;
  }
  throw new Error(`${host}${path} is not live after a minute.`);
}

interface Edits {
  readonly count: number;
  /** Tells these edits from others, so that each is a change. */
  readonly label: string;
  readonly everyMs: number;
}

async function edit(sallyport: Sallyport, { count, label, everyMs }: Edits): Promise<void> {
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    const target = index % 100;
    const edited = route(`other-${target}`, `/service-${target}`, ['team-0.example.com'], `${label}-${index}`);
    await expectStatus(200, sallyport.api('PATCH', `${ROUTES}/other-${target}`, edited));
    const restMs = everyMs - (performance.now() - started);
    if (restMs > 0) await pause(restMs);
  }
}

async function attachMany(directory: string, manifests: string): Promise<{ routes: number; ms: number }> {
  const sallyport = await startSallyport(directory, manifests);
  try {
    const started = performance.now();
    let next = 0;
    const write = async () => {
      for (let index = next++; index < 1_000; index = next++) {
        await expectStatus(201, sallyport.api('POST', ROUTES, otherRoute(index)));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
    let routes = 0;
    await eventually('attachedRoutes is 1,000', async () => {
      routes = attachedRoutes((await sallyport.api('GET', GATEWAY)).body);
      return routes === 1_000 ? true : undefined;
    }).catch((error: unknown) => console.error(String(error)));
    return { routes, ms: performance.now() - started };
  } finally {
    await sallyport.stop();
  }
}

function attachedRoutes(gateway: unknown): number {
  const { status } = gateway as { status?: { listeners?: readonly { name: string; attachedRoutes: number }[] } };
  return status?.listeners?.find(({ name }) => name === 'http')?.attachedRoutes ?? 0;
}

async function expectStatus(status: number, answer: ReturnType<Sallyport['api']>): Promise<void> {
  const { status: got, body } = await answer;
  if (got !== status) throw new Error(`The API answers ${got}: ${JSON.stringify(body)}`);
}
