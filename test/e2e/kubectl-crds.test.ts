import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasKubectl, startKubectlSession } from './kubectl-session.ts';
import type { KubectlSession } from './kubectl-session.ts';

const widgets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets, shortNames: [wd]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    - {name: Mode, type: string, jsonPath: .spec.mode, priority: 1}
    schema: &schema
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, default: 3, maximum: 10, description: How big it is.}
              mode: {type: string, enum: [A, B]}
            x-kubernetes-validations:
            - {rule: "self.size != 7", message: size must not be seven}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
  - name: v1alpha1
    served: true
    storage: false
    deprecated: true
    schema: *schema
`;

const widget = (name: string, spec: string): string =>
  `apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

describe.skipIf(!hasKubectl)('CustomResourceDefinitions (needs kubectl)', () => {
  let kubectl: KubectlSession;

  beforeAll(async () => {
    kubectl = await startKubectlSession();
    await kubectl.ok(['apply', '-f', '-'], widgets);
    await kubectl.ok(['wait', '--for=condition=Established', 'crd/widgets.example.com', '--timeout=10s']);
  });
  afterAll(async () => {
    await kubectl.close();
  });

  test('an applied definition is served with its defaults, columns, rules and explanations', async () => {
    await kubectl.ok(['apply', '-f', '-'], widget('plain', '{mode: A}'));
    expect(await kubectl.ok(['get', 'wd', '-o', 'wide'])).toMatch(/NAME\s+SIZE\s+READY\s+MODE\nplain\s+3\s+A/);
    expect(await kubectl.fails(['apply', '-f', '-'], widget('seven', '{size: 7}'))).toContain(
      'The Widget "seven" is invalid: spec: Invalid value: "object": size must not be seven',
    );
    expect(await kubectl.fails(['apply', '-f', '-'], widget('modal', '{mode: C}'))).toContain(
      'spec.mode: Unsupported value: "C": supported values: "A", "B"',
    );
    expect(await kubectl.ok(['explain', 'widget.spec.size'])).toContain('How big it is.');
  });

  test('an object of a kind that nobody defined is told so', async () => {
    const gadget = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: unknown}\nspec: {size: 1}\n';
    expect(await kubectl.fails(['apply', '-f', '-'], gadget)).toContain(
      'no matches for kind "Gadget" in version "example.com/v1"\nensure CRDs are installed first',
    );
  });

  test('what kubectl reads from OpenAPI v2 says the same as v3', async () => {
    const explain = ['explain', 'widget.spec', '--recursive=false'];
    const [v2, v3] = await Promise.all([
      kubectl.ok([...explain, '--output=plaintext-openapiv2']),
      kubectl.ok([...explain, '--output=plaintext']),
    ]);
    for (const text of [v2, v3])
      expect(text).toMatch(/FIELDS:\s+mode\s+<string>\s+(enum: A, B\s+)?.*size\s+<integer>\s+How big it is\./s);
  });

  test('every served version shows the same objects', async () => {
    await kubectl.ok(['apply', '-f', '-'], widget('versioned', '{}'));
    const old = await kubectl.run(['get', 'widgets.v1alpha1.example.com', 'versioned', '-o', 'yaml']);
    expect(old.stdout).toContain('apiVersion: example.com/v1alpha1');
    expect(old.stderr).toContain('Warning: example.com/v1alpha1 Widget is deprecated');
  });

  test('the status is a subresource', async () => {
    await kubectl.ok(['apply', '-f', '-'], widget('stated', '{}'));
    const patch = ['patch', 'widget', 'stated', '--type=merge', '-p', '{"status":{"phase":"Up"},"spec":{"size":9}}'];
    const fields = ['get', 'widget', 'stated', '-o', 'jsonpath={.spec.size} {.status.phase} {.metadata.generation}'];
    await kubectl.ok([...patch, '--subresource=status']);
    expect(await kubectl.ok(fields)).toBe('3 Up 1');
    await kubectl.ok(patch);
    expect(await kubectl.ok(fields)).toBe('9 Up 2');
  });

  test('a definition that no server could serve is refused with the fields at fault', async () => {
    const misnamed = widgets.replace('name: widgets.example.com', 'name: gadgets.example.com');
    expect(await kubectl.fails(['apply', '-f', '-'], misnamed)).toContain(
      'metadata.name: Invalid value: "gadgets.example.com": must be spec.names.plural+"."+spec.group',
    );
    const unstructured = widgets.replaceAll('widgets', 'boxes').replace('type: integer, default: 3', 'default: 3');
    expect(await kubectl.fails(['apply', '-f', '-'], unstructured)).toContain('is invalid');
    const unstored = widgets.replaceAll('widgets', 'boxes').replace('storage: true', 'storage: false');
    expect(await kubectl.fails(['apply', '-f', '-'], unstored)).toContain(
      'must have exactly one version marked as storage version',
    );
  });

  test('deleting a definition deletes its objects and ends its service', async () => {
    const gizmos = widgets.replaceAll('widgets', 'gizmos').replaceAll('Widget', 'Gizmo').replace('[wd]', '[gz]');
    await kubectl.ok(['apply', '-f', '-'], gizmos);
    await kubectl.ok(['wait', '--for=condition=Established', 'crd/gizmos.example.com', '--timeout=10s']);
    await kubectl.ok(['apply', '-f', '-'], widget('one', '{}').replace('Widget', 'Gizmo'));
    await kubectl.ok(['delete', 'crd', 'gizmos.example.com']);
    expect(await kubectl.fails(['get', 'gizmos'])).toContain('the server could not find the requested resource');
    expect(kubectl.api.store.list({ group: 'example.com', kind: 'Gizmo' })).toEqual([]);
  });
});

const moduleCache =
  process.env['GOMODCACHE'] ?? spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).stdout?.trim() ?? '';

describe.each(['v1.2.0', 'v1.6.1'])('the official bundle of Gateway API %s', (version) => {
  describe.each(['standard', 'experimental'])('%s channel', (channel) => {
    const directory = join(moduleCache, 'sigs.k8s.io', `gateway-api@${version}`, 'config', 'crd', channel);
    const isMissing = !hasKubectl || !existsSync(directory);

    test.skipIf(isMissing)('applies, and the built-in schema stays in effect (needs the Go module cache)', async () => {
      const kubectl = await startKubectlSession();
      try {
        const files = readdirSync(directory).filter((name) => name !== 'kustomization.yaml');
        const { code, stderr } = await kubectl.run([
          'apply',
          ...files.flatMap((name) => ['-f', join(directory, name)]),
        ]);
        expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('is built into Sallyport') });
        const established = [
          'wait',
          '--for=condition=Established',
          'crd/httproutes.gateway.networking.k8s.io',
          '--timeout=10s',
        ];
        await kubectl.ok(established);
        const annotation = '{.metadata.annotations.gateway\\.networking\\.k8s\\.io/bundle-version}';
        const crd = ['get', 'crd', 'httproutes.gateway.networking.k8s.io', '-o', `jsonpath=${annotation}`];
        expect(await kubectl.ok(crd)).toBe(version);
        expect(await kubectl.ok(['explain', 'httproute.spec.rules.retry'])).toContain('KIND:       HTTPRoute');
      } finally {
        await kubectl.close();
      }
    });
  });
});
