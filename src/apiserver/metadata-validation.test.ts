import { expect, test } from 'vitest';
import { configMapKind } from '../api/core/config-map.ts';
import { namespaceKind } from '../api/core/namespace.ts';
import { serviceKind } from '../api/core/service.ts';
import type { ObjectMeta } from '../api/object.ts';
import { validateMetadata } from './metadata-validation.ts';
import { renderFieldErrors } from './schema/field-error.ts';

function complaints(kind: typeof configMapKind, metadata: Partial<ObjectMeta>): string {
  const object = { apiVersion: 'v1', kind: kind.kind, metadata: { name: 'x', ...metadata } };
  const errors = validateMetadata(object, kind);
  return errors.length === 0 ? '' : renderFieldErrors(errors);
}

test.each([
  { kind: configMapKind, name: 'a.b-c.1' },
  { kind: configMapKind, name: '1' },
  { kind: namespaceKind, name: 'a-1' },
  { kind: serviceKind, name: 'web-1' },
])('$name names a $kind.kind', ({ kind, name }) => {
  expect(complaints(kind, { name })).toBe('');
});

test.each([
  { kind: configMapKind, name: '', says: 'metadata.name: Required value: name or generateName is required' },
  { kind: configMapKind, name: 'A', says: 'metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must' },
  { kind: configMapKind, name: 'a..b', says: 'a lowercase RFC 1123 subdomain must' },
  { kind: configMapKind, name: 'a'.repeat(254), says: 'must be no more than 253 characters' },
  { kind: namespaceKind, name: 'a.b', says: 'a lowercase RFC 1123 label must' },
  { kind: namespaceKind, name: 'a'.repeat(64), says: 'must be no more than 63 characters' },
  { kind: serviceKind, name: '1web', says: 'a DNS-1035 label must' },
])('"$name" names no $kind.kind', ({ kind, name, says }) => {
  expect(complaints(kind, { name })).toContain(says);
});

test.each([
  { metadata: { labels: { 'example.com/tier': 'web', empty: '' } }, says: '' },
  { metadata: { annotations: { 'Example.com/Key': 'any text\nat all' } }, says: '' },
  { metadata: { finalizers: ['example.com/hold', 'foregroundDeletion'] }, says: '' },
  { metadata: { labels: { '': 'x' } }, says: 'metadata.labels: Invalid value: "": name part must be non-empty' },
  { metadata: { labels: { '/x': 'x' } }, says: 'prefix part must be non-empty' },
  { metadata: { labels: { 'a/b/c': 'x' } }, says: 'a qualified name must consist of' },
  { metadata: { labels: { a: 'x'.repeat(64) } }, says: 'must be no more than 63 characters' },
  { metadata: { labels: { a: '-x' } }, says: 'a valid label must be an empty string or consist of' },
  { metadata: { annotations: { 'bad_/x': '' } }, says: 'metadata.annotations: Invalid value: "bad_/x": prefix part a' },
  { metadata: { finalizers: ['a b'] }, says: 'metadata.finalizers: Invalid value: "a b": name part must consist of' },
])('$metadata is told "$says"', ({ metadata, says }) => {
  const said = complaints(configMapKind, metadata);
  expect(says === '' ? said === '' : said.includes(says)).toBe(true);
});
