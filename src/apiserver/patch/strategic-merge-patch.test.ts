import { describe, expect, test } from 'vitest';
import { serviceKind } from '../../api/core/service.ts';
import { deploymentKind } from '../../api/core/workloads.ts';
import type { JsonSchema } from '../../api/schema.ts';
import type { JsonObject } from '../schema/json.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const service: JsonSchema = serviceKind.versions[0]?.schema ?? {};
const deployment: JsonSchema = deploymentKind.versions[0]?.schema ?? {};
const ports = [
  { port: 80, name: 'http' },
  { port: 443, name: 'https' },
];
const live = { metadata: { finalizers: ['a', 'b'] }, spec: { ports, selector: { app: 'web' } } };

const cases: readonly { readonly name: string; readonly patch: JsonObject; readonly spec: JsonObject }[] = [
  {
    name: 'items merge by their key',
    patch: { ports: [{ port: 80, targetPort: 8080 }] },
    spec: { ports: [{ port: 80, name: 'http', targetPort: 8080 }, ports[1]] },
  },
  { name: 'new items are appended', patch: { ports: [{ port: 90 }] }, spec: { ports: [...ports, { port: 90 }] } },
  { name: 'an item is deleted', patch: { ports: [{ port: 80, $patch: 'delete' }] }, spec: { ports: [ports[1]] } },
  {
    name: 'a list is replaced',
    patch: { ports: [{ $patch: 'replace' }, { port: 1 }] },
    spec: { ports: [{ port: 1 }] },
  },
  { name: 'null deletes', patch: { selector: { app: null } }, spec: { selector: {} } },
  { name: 'a map is replaced', patch: { selector: { $patch: 'replace', x: 'y' } }, spec: { selector: { x: 'y' } } },
  {
    name: 'the wanted order is kept',
    patch: { ports: [{ port: 90 }], '$setElementOrder/ports': [{ port: 90 }, { port: 443 }, { port: 80 }] },
    spec: { ports: [{ port: 90 }, ports[1], ports[0]] },
  },
  {
    name: 'items that the order does not name keep their place',
    patch: { ports: [{ port: 443, nodePort: 3 }], '$setElementOrder/ports': [{ port: 443 }] },
    spec: { ports: [ports[0], { ...ports[1], nodePort: 3 }] },
  },
];

describe('strategicMergePatch', () => {
  test.each(cases)('$name', ({ patch, spec }) => {
    expect(strategicMergePatch(service, live, { spec: patch })).toEqual({ ...live, spec: { ...live.spec, ...spec } });
  });

  test('lists of plain values are joined, and items deleted', () => {
    const metadata = { finalizers: ['b', 'c'], '$deleteFromPrimitiveList/finalizers': ['a'] };
    expect(strategicMergePatch(service, live, { metadata })).toMatchObject({ metadata: { finalizers: ['b', 'c'] } });
  });

  test('$retainKeys drops what is not named', () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(strategicMergePatch(deployment, { spec: { strategy } }, patch)).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
  });

  test('containers of a template merge by name', () => {
    const object = { spec: { template: { spec: { containers: [{ name: 'a', image: 'x' }, { name: 'b' }] } } } };
    const patch = { spec: { template: { spec: { containers: [{ name: 'a', image: 'y' }] } } } };
    expect(strategicMergePatch(deployment, object, patch)).toEqual({
      spec: { template: { spec: { containers: [{ name: 'a', image: 'y' }, { name: 'b' }] } } },
    });
  });

  test('an item without its key is refused', () => {
    expect(() => strategicMergePatch(service, live, { spec: { ports: [{ name: 'x' }] } })).toThrow(
      'map: {"name":"x"} does not contain declared merge key: port',
    );
  });

  test('an unknown directive is refused', () => {
    expect(() => strategicMergePatch(service, live, { spec: { $patch: 'burn' } })).toThrow(
      'Unknown patch type found: "burn"',
    );
  });
});
