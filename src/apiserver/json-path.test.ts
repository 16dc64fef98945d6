import { expect, test } from 'vitest';
import { parseJsonPath } from './json-path.ts';

const object = {
  metadata: { name: 'x', labels: { 'app.kubernetes.io/name': 'shop' } },
  spec: { ports: [80, 443, 8443], nested: { deep: { name: 'inner' } } },
  status: {
    conditions: [
      { type: 'Accepted', status: 'True', count: 1 },
      { type: 'Ready', status: 'False', count: 5 },
    ],
  },
};

test.each([
  { path: '.metadata.name', found: ['x'] },
  { path: '{.metadata.name}', found: ['x'] },
  { path: '$.metadata.name', found: ['x'] },
  { path: 'metadata.name', found: ['x'] },
  { path: '.metadata.labels.app\\.kubernetes\\.io/name', found: ['shop'] },
  { path: ".metadata.labels['app.kubernetes.io/name']", found: ['shop'] },
  { path: '.spec.ports[0]', found: [80] },
  { path: '.spec.ports[-1]', found: [8443] },
  { path: '.spec.ports[7]', found: [] },
  { path: '.spec.ports[1:]', found: [443, 8443] },
  { path: '.spec.ports[-2:-1]', found: [443] },
  { path: '.spec.ports[*]', found: [80, 443, 8443] },
  { path: '.status.conditions[?(@.type=="Ready")].status', found: ['False'] },
  { path: ".status.conditions[?(@.type=='Ready')].status", found: ['False'] },
  { path: '.status.conditions[?(@.count>2)].type', found: ['Ready'] },
  { path: '.status.conditions[?(@.type!="Ready")].type', found: ['Accepted'] },
  { path: '.status.conditions[?(@.status)].type', found: ['Accepted', 'Ready'] },
  { path: '.spec..name', found: ['inner'] },
  { path: '.spec.nested.*', found: [{ name: 'inner' }] },
  { path: '.spec.missing.name', found: [] },
  { path: '.metadata.constructor', found: [] },
])('$path finds $found', ({ path, found }) => {
  expect(parseJsonPath(path)(object)).toEqual(found);
});

test.each(['.spec[', '.a[?(@.b===1)]', '.a[b]', '.a..', '.spec.]'])('%s cannot be read', (path) => {
  expect(() => parseJsonPath(path)).toThrow(SyntaxError);
});
