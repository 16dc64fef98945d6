import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeRef, startSallyport } from './harness.ts';
import type { Sallyport } from './harness.ts';
import { run } from './support/command.ts';
import { documents, gateway, gatewayClass, service } from './support/manifests.ts';
import { makeTemporaryDirectory } from './support/temporary-directory.ts';
import type { TemporaryDirectory } from './support/temporary-directory.ts';

const PORT = 18_080;

let directory: TemporaryDirectory;
let sallyport: Sallyport;
let address: string;

function write(name: string, text: string): void {
  writeFileSync(join(directory.path, name), text);
}

/** A route for all paths of a host, as YAML that people write. */
function route(name: string, backend: string, namespace = 'default'): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  parentRefs:
    - name: edge
      namespace: default
  hostnames:
    - ${name}.example.com
  rules:
    - backendRefs:
        - name: ${backend}
          port: 80
`;
}

async function backendOf(host: string): Promise<string> {
  const { echo, status } = await sallyport.send({ address, url: `http://${host}.example.com:${PORT}/` });
  return echo?.backend ?? String(status);
}

/** Waits for a line that is told after `change` was made. */
async function told(change: () => void, text: string): Promise<void> {
  const before = sallyport.process.events.length;
  change();
  await sallyport.process.event(
    (event) => sallyport.process.events.indexOf(event) >= before && event.message.includes(text),
    text,
  );
}

beforeAll(async () => {
  directory = makeTemporaryDirectory();
  const listeners = [{ name: 'http', protocol: 'HTTP', port: PORT, allowedRoutes: { namespaces: { from: 'All' } } }];
  write('gateway.json', gateway('edge', 'sallyport', listeners));
  write('class.yaml', gatewayClass('sallyport'));
  sallyport = await startSallyport({ args: [directory.path] });
  const [one, two] = await Promise.all(['one', 'two'].map((name) => sallyport.startBackend(name)));
  write(
    'services.yaml',
    documents(
      service({ name: 'one', port: 80 }, one?.endpoint ?? ''),
      service({ name: 'two', port: 80 }, two?.endpoint ?? ''),
    ),
  );
  address = await sallyport.gatewayAddress('edge');
});
afterAll(async () => {
  await sallyport?.close();
  directory?.remove();
});

describe('a served directory', () => {
  test('a file that is added is served, one that is edited is served anew', async () => {
    await told(
      () => write('web.yaml', route('web', 'one')),
      'HTTPRoute "default/web", on Gateway "default/edge", is in effect',
    );
    expect(await backendOf('web')).toBe('one');
    await told(() => write('web.yaml', route('web', 'two')), 'is in effect (generation 2)');
    expect(await backendOf('web')).toBe('two');
  });

  test('a live patch survives edits of other files, until its own file is edited', async () => {
    write('patched.yaml', route('patched', 'one'));
    await sallyport.routeInEffect('patched');
    const patch = '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/name","value":"two"}]';
    await sallyport.kubectlOk(['patch', 'httproute', 'patched', '--type=json', `-p=${patch}`]);
    await sallyport.routeInEffect('patched');
    await told(
      () => write('other.yaml', route('other', 'one')),
      '"default/other", on Gateway "default/edge", is in effect',
    );
    expect(await backendOf('patched')).toBe('two');
    await told(
      () => write('patched.yaml', `# edited\n${route('patched', 'one')}`),
      'HTTPRoute "default/patched" configured',
    );
    await sallyport.routeInEffect('patched');
    expect(await backendOf('patched')).toBe('one');
  });

  test('a file that breaks is named with line and column and stays in effect; mended, it is served again', async () => {
    write('fragile.yaml', route('fragile', 'one'));
    await sallyport.routeInEffect('fragile');
    const path = join(directory.path, 'fragile.yaml');
    await told(() => write('fragile.yaml', route('fragile', '[two')), `${path}:15:11: `);
    expect(await backendOf('fragile')).toBe('one');
    await told(
      () => write('fragile.yaml', route('fragile', 'two').replace('port: 80', 'port: 80000')),
      `${path}:15:17: `,
    );
    expect(await backendOf('fragile')).toBe('one');
    await told(() => write('fragile.yaml', route('fragile', 'two')), `${path}: in order again.`);
    await sallyport.routeInEffect('fragile');
    expect(await backendOf('fragile')).toBe('two');
  });

  test('a document or file that goes takes its own objects along, and nobody else does', async () => {
    write('pruned.yaml', `${route('first', 'one')}---\n${route('second', 'one')}`);
    await sallyport.routeInEffect('second');
    await sallyport.kubectlOk(['create', 'configmap', 'unrelated']);
    await told(() => write('pruned.yaml', route('first', 'one')), 'HTTPRoute "default/second" is no longer there');
    await told(() => rmSync(join(directory.path, 'pruned.yaml')), 'HTTPRoute "default/first" is no longer there');
    expect(await sallyport.api.get(routeRef('first'))).toBeUndefined();
    await sallyport.kubectlOk(['get', 'configmap', 'unrelated']);
  });

  test('an object that moves to another file is not interrupted', async () => {
    write('before.yaml', route('moving', 'one'));
    const { metadata } = await sallyport.routeInEffect('moving');
    const move = () => renameSync(join(directory.path, 'before.yaml'), join(directory.path, 'after.yaml'));
    move();
    await told(
      () => write('marker.yaml', route('marker', 'one')),
      '"default/marker", on Gateway "default/edge", is in effect',
    );
    expect((await sallyport.api.get(routeRef('moving')))?.metadata).toMatchObject({ generation: metadata.generation });
    expect(await backendOf('moving')).toBe('one');
  });

  test('a namespace that is missing is made', async () => {
    await told(() => write('shop.yaml', route('shop', 'one', 'shop')), 'HTTPRoute "shop/shop"');
    await sallyport.kubectlOk(['get', 'namespace', 'shop']);
  });

  test('a Kustomization is refused with the command to use, and what the directory held stays', async () => {
    const below = join(directory.path, 'overlay');
    mkdirSync(below);
    writeFileSync(join(below, 'route.yaml'), route('overlay', 'one'));
    await sallyport.routeInEffect('overlay');
    const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [route.yaml]\n';
    await told(
      () => writeFileSync(join(below, 'kustomization.yaml'), kustomization),
      `kubectl kustomize ${below} | sallyport serve -`,
    );
    expect(await backendOf('overlay')).toBe('one');
  });

  test('the kubeconfig is for its owner only', () => {
    expect(statSync(sallyport.kubeconfig).mode & 0o777).toBe(0o600);
  });
});

test('standard input is served, as kubectl builds it from a Kustomization', async () => {
  const kustomize = new URL('../../examples/kustomize', import.meta.url).pathname;
  const { stdout: input } = await run('kubectl', ['kustomize', kustomize]);
  const server = await startSallyport({ args: ['-'], input });
  try {
    await server.routeInEffect('web');
    const applied = server.process.events.filter(({ type }) => type === 'Applied');
    expect(applied.map(({ message }) => message)).toContain('<stdin>: HTTPRoute "default/web" created.');
  } finally {
    await server.close();
  }
});
