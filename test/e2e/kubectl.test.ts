import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeServerCertificate } from '../../src/apiserver/server-certificate.ts';
import { hasKubectl, startKubectlSession } from './kubectl-session.ts';
import type { KubectlSession } from './kubectl-session.ts';

const route = (name: string, more = ''): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  parentRefs: [{name: main}]
  hostnames: [${name}.example.com]
  rules:
  - backendRefs: [{name: v1, port: 80, weight: 90}, {name: v2, port: 80, weight: 10}]
${more}`;

describe.skipIf(!hasKubectl)('kubectl against the embedded API (needs kubectl)', () => {
  let kubectl: KubectlSession;

  beforeAll(async () => {
    kubectl = await startKubectlSession();
  });
  afterAll(async () => {
    await kubectl.close();
  });

  test('the server has a version that kubectl gets on with, and is healthy', async () => {
    const { stdout, stderr } = await kubectl.run(['version']);
    expect(stdout).toContain('Server Version: v1.32.0+sallyport');
    expect(stderr).toBe('');
    expect(await kubectl.ok(['get', '--raw', '/readyz'])).toBe('ok');
  });

  test('the Gateway API is there from the start', async () => {
    const crds = await kubectl.ok(['get', 'crd']);
    expect(crds).toContain('httproutes.gateway.networking.k8s.io');
    const kinds = await kubectl.ok(['api-resources', '--api-group=gateway.networking.k8s.io', '-o', 'name']);
    expect(kinds.split('\n')).toContain('gateways.gateway.networking.k8s.io');
    await kubectl.ok([
      'wait',
      '--for=condition=Established',
      'crd/httproutes.gateway.networking.k8s.io',
      '--timeout=5s',
    ]);
    const annotations = await kubectl.ok([
      'get',
      'crd',
      'gateways.gateway.networking.k8s.io',
      '-o',
      'jsonpath={.metadata.annotations}',
    ]);
    expect(JSON.parse(annotations)).toMatchObject({
      'gateway.networking.k8s.io/bundle-version': 'v1.6.1',
      'gateway.networking.k8s.io/channel': 'experimental',
    });
  });

  test('a manifest is created, left alone, changed and deleted by apply and delete', async () => {
    const name = 'httproute.gateway.networking.k8s.io/applied';
    expect(await kubectl.ok(['apply', '-f', '-'], route('applied'))).toBe(`${name} created`);
    await kubectl.ok(['apply', '-f', '-'], route('applied'));
    expect(await kubectl.ok(['get', 'httproute', 'applied', '-o', 'jsonpath={.metadata.generation}'])).toBe('1');
    const changed = route('applied').replace('weight: 90', 'weight: 50');
    expect((await kubectl.run(['diff', '-f', '-'], changed)).stdout).toContain('+      weight: 50');
    expect(await kubectl.ok(['apply', '-f', '-'], changed)).toBe(`${name} configured`);
    expect(await kubectl.ok(['get', 'httproute', 'applied', '-o', 'jsonpath={.metadata.generation}'])).toBe('2');
    expect(await kubectl.ok(['delete', '-f', '-'], changed)).toBe(
      'httproute.gateway.networking.k8s.io "applied" deleted',
    );
    expect(await kubectl.fails(['get', 'httproute', 'applied'])).toBe(
      'Error from server (NotFound): httproutes.gateway.networking.k8s.io "applied" not found',
    );
  });

  test('server-side apply owns fields, and somebody else has to force', async () => {
    await kubectl.ok(['apply', '--server-side', '-f', '-'], route('owned'));
    const other = ['apply', '--server-side', '--field-manager=other', '-f', '-'];
    const changed = route('owned').replace('owned.example.com', 'other.example.com');
    expect(await kubectl.fails(other, changed)).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .spec.hostnames',
    );
    await kubectl.ok([...other, '--force-conflicts'], changed);
    const managers = '{range .metadata.managedFields[*]}{.manager}{" "}{end}';
    const shown = ['get', 'httproute', 'owned', '--show-managed-fields', '-o', `jsonpath=${managers}`];
    expect((await kubectl.ok(shown)).split(' ').sort()).toEqual(['kubectl', 'other']);
  });

  test('JSON and merge patches change a route; a strategic one is refused as for any CRD', async () => {
    await kubectl.ok(['apply', '-f', '-'], route('patched'));
    const weight = '/spec/rules/0/backendRefs/0/weight';
    const patch = `[{"op":"replace","path":"${weight}","value":55}]`;
    expect(await kubectl.ok(['patch', 'httproute', 'patched', '--type=json', `-p=${patch}`])).toBe(
      'httproute.gateway.networking.k8s.io/patched patched',
    );
    await kubectl.ok([
      'patch',
      'httproute',
      'patched',
      '--type=merge',
      '-p',
      '{"spec":{"hostnames":["b.example.com"]}}',
    ]);
    const fields = '{.spec.rules[0].backendRefs[0].weight} {.spec.hostnames} {.metadata.generation}';
    expect(await kubectl.ok(['get', 'httproute', 'patched', '-o', `jsonpath=${fields}`])).toBe(
      '55 ["b.example.com"] 3',
    );
    expect(await kubectl.fails(['patch', 'httproute', 'patched', '-p', '{"spec":{}}'])).toContain(
      'is not supported by gateway.networking.k8s.io/v1, Kind=HTTPRoute',
    );
    const missing = '[{"op":"replace","path":"/spec/nothing/0","value":1}]';
    expect(await kubectl.fails(['patch', 'httproute', 'patched', '--type=json', `-p=${missing}`])).toContain(
      'The request is invalid',
    );
  });

  test('a strategic merge patch merges the ports of a Service by their number', async () => {
    await kubectl.ok(['create', 'service', 'clusterip', 'ports', '--tcp=80:8080']);
    await kubectl.ok(['patch', 'service', 'ports', '-p', '{"spec":{"ports":[{"name":"admin","port":81}]}}']);
    const ports = await kubectl.ok(['get', 'service', 'ports', '-o', 'jsonpath={.spec.ports[*].port}']);
    expect(ports.split(' ').sort()).toEqual(['80', '81']);
    expect(await kubectl.ok(['get', 'service', 'ports'])).toMatch(
      /ports\s+ClusterIP\s+\S+\s+<none>\s+8[01]\/TCP,8[01]\/TCP/,
    );
  });

  test('replace needs the object to be there and bumps its generation', async () => {
    expect(await kubectl.fails(['replace', '-f', '-'], route('replaced'))).toContain(
      'httproutes.gateway.networking.k8s.io "replaced" not found',
    );
    await kubectl.ok(['create', '-f', '-'], route('replaced'));
    expect(await kubectl.fails(['create', '-f', '-'], route('replaced'))).toContain(
      'httproutes.gateway.networking.k8s.io "replaced" already exists',
    );
    await kubectl.ok(['replace', '-f', '-'], route('replaced').replace('weight: 10', 'weight: 20'));
    expect(await kubectl.ok(['get', 'httproute', 'replaced', '-o', 'jsonpath={.metadata.generation}'])).toBe('2');
  });

  test('a replace of a stale version is a conflict in the words of Kubernetes', async () => {
    await kubectl.ok(['create', '-f', '-'], route('stale'));
    const read = await kubectl.ok(['get', 'httproute', 'stale', '-o', 'json']);
    await kubectl.ok(['label', 'httproute', 'stale', 'a=b']);
    expect(await kubectl.fails(['replace', '-f', '-'], read)).toContain(
      'Operation cannot be fulfilled on httproutes.gateway.networking.k8s.io "stale": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test('labels and fields select', async () => {
    await kubectl.ok(['create', 'configmap', 'one']);
    await kubectl.ok(['create', 'configmap', 'two']);
    await kubectl.ok(['label', 'configmap', 'one', 'team=red']);
    const names = (...args: string[]) => kubectl.ok(['get', 'configmap', ...args, '-o', 'name']);
    expect(await names('-l', 'team=red')).toBe('configmap/one');
    expect(await names('-l', 'team notin (red)')).toBe('configmap/two');
    expect(await names('-l', '!team')).toBe('configmap/two');
    expect(await names('--field-selector', 'metadata.name!=one')).toBe('configmap/two');
    expect(await kubectl.fails(['get', 'configmap', '--field-selector', 'data=x'])).toContain(
      'field label not supported: data',
    );
  });

  test('lists come in pages', async () => {
    await kubectl.ok(['create', 'namespace', 'pages']);
    const items = ['a', 'b', 'c', 'd', 'e'].map(
      (name) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}`,
    );
    await kubectl.ok(['-n', 'pages', 'apply', '-f', '-'], items.join('\n'));
    const names = await kubectl.ok(['-n', 'pages', 'get', 'configmap', '--chunk-size=2', '-o', 'name']);
    expect(names.split('\n')).toEqual(items.map((_, index) => `configmap/${'abcde'[index]}`));
  });

  test('a field that breaks the schema or a CEL rule is named', async () => {
    const wrong = route('wrong').replace('wrong.example.com', 'UPPER');
    expect(await kubectl.fails(['apply', '-f', '-'], wrong)).toContain(
      'The HTTPRoute "wrong" is invalid: spec.hostnames[0]: Invalid value: "UPPER": spec.hostnames[0] in body should match',
    );
    const unknown = route('wrong').replace('hostnames:', 'hostnamez:');
    expect(await kubectl.fails(['apply', '-f', '-'], unknown)).toContain(
      'HTTPRoute in version "v1" cannot be handled as a HTTPRoute: strict decoding error: unknown field "spec.hostnamez"',
    );
    const warned = await kubectl.run(['apply', '--validate=warn', '-f', '-'], unknown);
    expect(warned.stderr).toContain('Warning: unknown field "spec.hostnamez"');
    expect(await kubectl.fails(['create', 'namespace', 'Bad_Name'])).toContain(
      'The Namespace "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 label must consist of',
    );
  });

  test('what is applied into a missing namespace is not found', async () => {
    expect(await kubectl.fails(['-n', 'nowhere', 'apply', '-f', '-'], route('lost'))).toContain(
      'Error from server (NotFound): error when creating "STDIN": namespaces "nowhere" not found',
    );
  });

  test('a secret for TLS is made from files and served base64', async () => {
    const { certificate, privateKey } = await makeServerCertificate(['example.com'], Date.now());
    const [cert, key] = [join(kubectl.directory, 'tls.crt'), join(kubectl.directory, 'tls.key')];
    await Promise.all([writeFile(cert, certificate), writeFile(key, privateKey)]);
    await kubectl.ok(['create', 'namespace', 'gateway-system']);
    const create = [
      'create',
      'secret',
      'tls',
      'production-cert',
      `--cert=${cert}`,
      `--key=${key}`,
      '-n',
      'gateway-system',
    ];
    expect(await kubectl.ok(create)).toBe('secret/production-cert created');
    const read = ['get', 'secret', 'production-cert', '-n', 'gateway-system', '-o', 'json'];
    expect(JSON.parse(await kubectl.ok(read))).toMatchObject({
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': Buffer.from(certificate).toString('base64') },
    });
    expect(await kubectl.ok(['get', 'secret', '-n', 'gateway-system'])).toMatch(
      /production-cert\s+kubernetes.io\/tls\s+2/,
    );
  });

  test.each([
    { command: ['deployment', 'made', '--image=x', '--port=80'], kind: 'deployment.apps' },
    { command: ['ingress', 'made', '--rule=example.com/*=made:80'], kind: 'ingress.networking.k8s.io' },
    { command: ['serviceaccount', 'made'], kind: 'serviceaccount' },
    { command: ['configmap', 'made', '--from-literal=a=b'], kind: 'configmap' },
  ])('create $command.0 makes one', async ({ command, kind }) => {
    expect(await kubectl.ok(['create', ...command])).toBe(`${kind}/made created`);
    await kubectl.ok(['delete', kind, 'made']);
  });

  test('edit writes what the editor leaves', async () => {
    await kubectl.ok(['apply', '-f', '-'], route('edited'));
    const edited = await kubectl.run(['edit', 'httproute', 'edited'], '', {
      KUBE_EDITOR: 'sed -i s/edited.example/other.example/',
    });
    expect(edited.stdout.trim()).toBe('httproute.gateway.networking.k8s.io/edited edited');
    const hostnames = ['get', 'httproute', 'edited', '-o', 'jsonpath={.spec.hostnames}'];
    expect(await kubectl.ok(hostnames)).toBe('["other.example.com"]');
  });

  test('deprecated versions are served with a warning and hold the same object', async () => {
    await kubectl.ok(['apply', '-f', '-'], route('old'));
    const older = await kubectl.run(['get', 'httproutes.v1beta1.gateway.networking.k8s.io', 'old', '-o', 'yaml']);
    expect(older.stdout).toContain('apiVersion: gateway.networking.k8s.io/v1beta1');
  });

  test('get -w shows what happens, table row by table row', async () => {
    const watch = kubectl.follow(['get', 'httproute', '-w', '-l', 'app=watched']);
    try {
      const created = watch.line('watched');
      await kubectl.ok(['apply', '-f', '-'], route('watched'));
      expect(await created).toContain('["watched.example.com"]');
      const modified = watch.line('changed.example.com');
      await kubectl.ok([
        'patch',
        'httproute',
        'watched',
        '--type=merge',
        '-p',
        '{"spec":{"hostnames":["changed.example.com"]}}',
      ]);
      expect(await modified).toContain('watched');
    } finally {
      watch.end();
    }
  });

  test('wait answers once a status condition is written', async () => {
    await kubectl.ok(
      ['apply', '-f', '-'],
      'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: waited}\nspec: {controllerName: example.com/x}',
    );
    const waiting = kubectl.ok(['wait', '--for=condition=Accepted', 'gatewayclass/waited', '--timeout=20s']);
    const ref = { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', namespace: '', name: 'waited' };
    const condition = {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    await kubectl.api.client.editStatus(ref, () => ({ conditions: [condition] }));
    expect(await waiting).toBe('gatewayclass.gateway.networking.k8s.io/waited condition met');
    expect(await kubectl.ok(['get', 'gatewayclass', 'waited'])).toMatch(/waited\s+example.com\/x\s+True/);
    expect(await kubectl.ok(['get', 'gatewayclass', 'waited', '-o', 'jsonpath={.metadata.generation}'])).toBe('1');
  });

  test('describe shows an object with its events, repeats counted', async () => {
    await kubectl.ok(['apply', '-f', '-'], route('described'));
    const about = {
      group: 'gateway.networking.k8s.io',
      kind: 'HTTPRoute',
      namespace: 'default',
      name: 'described',
      apiVersion: 'gateway.networking.k8s.io/v1',
      uid: await kubectl.ok(['get', 'httproute', 'described', '-o', 'jsonpath={.metadata.uid}']),
    };
    const event = {
      about,
      type: 'Warning',
      reason: 'BackendNotFound',
      message: 'Service "v1" does not exist.',
    } as const;
    await kubectl.api.client.recordEvent(event);
    await kubectl.api.client.recordEvent(event);
    const described = await kubectl.ok(['describe', 'httproute', 'described']);
    expect(described).toContain('Hostnames:\n    described.example.com');
    expect(described).toMatch(
      /Warning\s+BackendNotFound\s+\S+ \(x2 over \S+\)\s+sallyport\s+Service "v1" does not exist\./,
    );
  });

  test('explain tells of nested fields', async () => {
    const explained = await kubectl.ok(['explain', 'httproute.spec.rules.backendRefs.weight']);
    expect(explained).toContain('FIELD: weight <integer>');
    expect(await kubectl.ok(['explain', 'gateway.spec', '--recursive'])).toContain('listeners');
  });

  test('a finalizer holds a deleted object until it is taken off', async () => {
    await kubectl.ok(['create', 'configmap', 'held']);
    await kubectl.ok(['patch', 'configmap', 'held', '-p', '{"metadata":{"finalizers":["example.com/hold"]}}']);
    await kubectl.ok(['delete', 'configmap', 'held', '--wait=false']);
    expect(await kubectl.ok(['get', 'configmap', 'held', '-o', 'jsonpath={.metadata.deletionTimestamp}'])).not.toBe('');
    await kubectl.ok([
      'patch',
      'configmap',
      'held',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
    expect(await kubectl.fails(['get', 'configmap', 'held'])).toContain('not found');
  });

  test.each([
    { cascade: 'background', left: false },
    { cascade: 'foreground', left: false },
    { cascade: 'orphan', left: true },
  ])('delete --cascade=$cascade leaves what the object owned: $left', async ({ cascade, left }) => {
    await kubectl.ok(['create', 'configmap', 'owner']);
    const uid = await kubectl.ok(['get', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}']);
    const reference = `[{apiVersion: v1, kind: ConfigMap, name: owner, uid: ${uid}, blockOwnerDeletion: true}]`;
    const dependent = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned, ownerReferences: ${reference}}`;
    await kubectl.ok(['apply', '-f', '-'], dependent);
    await kubectl.ok(['delete', 'configmap', 'owner', `--cascade=${cascade}`]);
    expect((await kubectl.run(['get', 'configmap', 'owned'])).code === 0).toBe(left);
    await kubectl.ok(['delete', 'configmap', 'owned', '--ignore-not-found']);
  });

  test('a deleted namespace takes everything in it along', async () => {
    await kubectl.ok(['create', 'namespace', 'doomed']);
    await kubectl.ok(['-n', 'doomed', 'apply', '-f', '-'], route('inside'));
    await kubectl.ok(['delete', 'namespace', 'doomed']);
    expect(await kubectl.fails(['get', 'namespace', 'doomed'])).toContain('namespaces "doomed" not found');
    expect(await kubectl.ok(['get', 'httproute', '-A', '-l', 'app=inside', '-o', 'name'])).toBe('');
  });

  test('delete --all and dry runs', async () => {
    await kubectl.ok(['create', 'namespace', 'emptied']);
    await kubectl.ok(['-n', 'emptied', 'create', 'configmap', 'dry', '--dry-run=server']);
    expect(await kubectl.ok(['-n', 'emptied', 'get', 'configmap', '-o', 'name'])).toBe('');
    await kubectl.ok(['-n', 'emptied', 'create', 'configmap', 'a']);
    await kubectl.ok(['-n', 'emptied', 'create', 'configmap', 'b']);
    await kubectl.ok(['-n', 'emptied', 'delete', 'configmap', '--all']);
    expect(await kubectl.ok(['-n', 'emptied', 'get', 'configmap', '-o', 'name'])).toBe('');
  });
});
