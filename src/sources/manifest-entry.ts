import { dirname } from 'node:path';
import { namespacedName, objectKey, refOf } from '../api/object.ts';
import type { KubeObject, ObjectKey } from '../api/object.ts';
import type { ApiError } from '../store/api-error.ts';
import { isKustomization, locateField, ManifestError, parseManifests } from './parse-manifests.ts';
import type { Manifest } from './parse-manifests.ts';
import { kustomizationMessage } from './scan-manifests.ts';
import type { SourceProblem } from './source-problem.ts';

/** A manifest of a file: `identity` is what two manifests of one object have in common. */
export interface ManifestEntry {
  readonly path: string;
  readonly text: string;
  readonly manifest: Manifest;
  readonly identity: ObjectKey;
}

/** The entries of a file's text, or undefined with a problem added. */
export function parseFile(path: string, text: string, problems: SourceProblem[]): readonly ManifestEntry[] | undefined {
  try {
    const manifests = parseManifests(text);
    if (manifests.some(({ object }) => isKustomization(object))) {
      problems.push({ path, message: kustomizationMessage(dirname(path)) });
      return undefined;
    }
    return manifests.map((manifest) => ({ path, text, manifest, identity: identityOf(manifest.object) }));
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    problems.push({ path, ...error.position, message: error.message });
    return undefined;
  }
}

/** An absent namespace means `default`; for cluster-scoped kinds it makes no difference which name stands for none. */
function identityOf(object: KubeObject): ObjectKey {
  const ref = refOf(object);
  return objectKey({ ...ref, namespace: ref.namespace === '' ? 'default' : ref.namespace });
}

/** What the API said about a manifest, each cause at the field that it is about. */
export function problemsOf(error: ApiError, entry: ManifestEntry): readonly SourceProblem[] {
  const causes = error.details?.causes?.filter(({ field }) => field !== undefined) ?? [];
  if (causes.length === 0) return [problemAt(entry, '', error.message)];
  const name = nameOf(entry.manifest.object);
  return causes.map(({ field = '', message }) => problemAt(entry, field, `${name} is invalid: ${field}: ${message}`));
}

/** A problem at a field of a manifest; `''` is the manifest as a whole. */
export function problemAt({ path, text, manifest }: ManifestEntry, field: string, message: string): SourceProblem {
  return { path, ...locateField(text, manifest, field), message };
}

/** How messages name an object: `HTTPRoute "default/web"`. */
export function nameOf(object: KubeObject): string {
  return `${object.kind} "${namespacedName(object.metadata)}"`;
}

/** The field that a warning of the API is about, as in `unknown field "spec.rules[0].backendRef"`; else `''`. */
export function fieldIn(warning: string): string {
  return /^(?:unknown|duplicate) field "([^"]+)"/.exec(warning)?.[1] ?? '';
}
