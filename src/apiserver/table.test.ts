import { expect, test } from 'vitest';
import type { ApiObject } from './object-body.ts';
import { printerColumns } from './table.ts';

const NOW_MS = Date.parse('2026-01-01T01:00:00Z');
const object: ApiObject = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { size: 3, hosts: ['a', 'b'], on: false, size64: '7' },
};

test.each([
  { what: 'a number', type: 'integer', jsonPath: '.spec.size', cell: 3 },
  { what: 'a truth value', type: 'boolean', jsonPath: '.spec.on', cell: false },
  { what: 'a list, in a string column, as JSON', type: 'string', jsonPath: '.spec.hosts', cell: '["a","b"]' },
  { what: 'the first of several values', type: 'string', jsonPath: '.spec.hosts[*]', cell: 'a' },
  { what: 'a number, in a string column, as text', type: 'string', jsonPath: '.spec.size', cell: '3' },
  { what: 'nothing for what is missing', type: 'string', jsonPath: '.spec.nothing', cell: null },
  { what: 'an age', type: 'date', jsonPath: '.metadata.creationTimestamp', cell: '60m' },
  { what: 'an unknown age', type: 'date', jsonPath: '.metadata.deletionTimestamp', cell: '<unknown>' },
  { what: 'an age that is none', type: 'date', jsonPath: '.metadata.name', cell: '<invalid>' },
] as const)('a column shows $what', ({ type, jsonPath, cell }) => {
  const columns = printerColumns([{ name: 'Column', type, jsonPath, priority: 1 }]);
  expect(columns.definitions).toMatchObject([
    { name: 'Name', priority: 0 },
    { name: 'Column', type, priority: 1 },
  ]);
  expect(columns.cells(object, NOW_MS)).toEqual(['w', cell]);
});
