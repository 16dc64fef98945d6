import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterKinds } from './cluster-kinds.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const manifest = readFileSync(fileURLToPath(new URL('../../deploy/rbac.yaml', import.meta.url)), 'utf8');

/** Every permission as `verb resource.group`. */
function granted(): readonly string[] {
  const documents = parseAllDocuments(manifest).map((document) => document.toJS() as { kind: string; rules?: Rule[] });
  return documents
    .flatMap(({ rules = [] }) => rules)
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => `${verb} ${name}.${group}`))),
    );
}

/** Status is written to objects of the Gateway API only; those are read again after a conflict. */
function used(): readonly string[] {
  return clusterKinds.flatMap(({ group, plural, versions }) => {
    const isWritten = group.startsWith('gateway.networking.') && versions.some(({ hasStatus }) => hasStatus);
    const reads = ['list', 'watch', ...(isWritten ? ['get'] : [])].map((verb) => `${verb} ${plural}.${group}`);
    return isWritten ? [...reads, `update ${plural}/status.${group}`] : reads;
  });
}

test('deploy/rbac.yaml grants what the controller uses, and nothing else', () => {
  expect([...granted()].sort()).toEqual([...used()].sort());
});

test('Pods and Ingresses of a cluster are not read', () => {
  expect(clusterKinds.map(({ kind }) => kind)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:Pod|Ingress)$/)]),
  );
});
