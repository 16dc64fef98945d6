import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { hasOwn } from './support/kube-api.ts';
import { gateway, gatewayClass, httpRoute, service } from './support/manifests.ts';

const PORT = 18_080;
let sallyport: Sallyport;
let address: string;

beforeAll(async () => {
  sallyport = await startSallyport({ sharesAddress: true });
  const [old, young] = await Promise.all(['old', 'young'].map((name) => sallyport.startBackend(name)));
  await apply(
    gatewayClass('sallyport'),
    service({ name: 'old', port: 80 }, old?.endpoint ?? ''),
    service({ name: 'young', port: 80 }, young?.endpoint ?? ''),
    gateway('z-old', 'sallyport', [listener('web', 'a')]),
    httpRoute('old', 'z-old', [{ backendRefs: [{ name: 'old', port: 80 }] }]),
  );
  address = await sallyport.gatewayAddress('z-old');
  await nextSecond();
  await apply(
    gateway('a-young', 'sallyport', [listener('same', 'a'), listener('other', 'b')]),
    httpRoute('young', 'a-young', [{ backendRefs: [{ name: 'young', port: 80 }] }]),
  );
  await sallyport.gatewayAddress('a-young');
  await sallyport.routeInEffect('young');
});
afterAll(() => sallyport?.close());

/** JSON texts may follow each other without a separator. */
async function apply(...manifests: readonly string[]): Promise<void> {
  await sallyport.kubectlOk(['apply', '-f', '-'], manifests.join('\n'));
}

function listener(name: string, host: string) {
  return { name, protocol: 'HTTP', port: PORT, hostname: `${host}.example.com` };
}

/** Creation times are in whole seconds: Gateways of one second are told apart by their names. */
function nextSecond(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1_000 - (Date.now() % 1_000) + 10);
  });
}

async function backendOf(host: string): Promise<string> {
  const { echo, status } = await sallyport.send({ address, url: `http://${host}.example.com:${PORT}/` });
  return echo?.backend ?? String(status);
}

test('on a shared address the older Gateway keeps its hostname, and the younger serves its others', async () => {
  const { status } = await sallyport.api.until(gatewayRef('a-young'), (object) => hasOwn(object, 'Programmed', 'True'));
  expect(status?.addresses?.[0]?.value).toBe(address);
  const conflicted = status?.listeners?.map(({ name, conditions }) => {
    return [name, conditions.find(({ type }) => type === 'Conflicted')];
  });
  expect(conflicted).toEqual([
    ['same', expect.objectContaining({ status: 'True', reason: 'HostnameConflict' })],
    ['other', expect.objectContaining({ status: 'False' })],
  ]);
  expect(JSON.stringify(conflicted)).toContain('of Gateway \\"default/z-old\\", which is older');
  expect(await Promise.all(['a', 'b'].map(backendOf))).toEqual(['old', 'young']);
});

test('when the older Gateway goes the younger takes its hostname over, and its other listener never rests', async () => {
  let isGone = false;
  const seen = new Set<string>();
  const asking = (async () => {
    while (!isGone) seen.add(await backendOf('b'));
  })();
  await sallyport.kubectlOk(['delete', 'gateway', 'z-old']);
  await sallyport.api.until(gatewayRef('a-young'), ({ status }) =>
    (status?.listeners ?? []).every(({ conditions }) =>
      conditions.some(({ type, status: state }) => type === 'Programmed' && state === 'True'),
    ),
  );
  isGone = true;
  await asking;
  expect([...seen]).toEqual(['young']);
  expect(await backendOf('a')).toBe('young');
});
