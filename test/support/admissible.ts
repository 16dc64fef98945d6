import type { KindDefinition, VersionDefinition } from '../../src/api/kind-definition.ts';
import { coreKinds } from '../../src/api/core/kinds.ts';
import { ingressKind } from '../../src/api/ingress.ts';
import { gatewayApiKinds } from '../../src/api/kinds.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { apiVersionOf, groupOf, kindKey } from '../../src/api/object.ts';
import { admitObject, admitStatus } from '../../src/apiserver/admission.ts';
import { coreRules } from '../../src/apiserver/core/rules.ts';
import { storageVersionOf } from '../../src/apiserver/kind-registry.ts';
import { parseFieldPath } from '../../src/sources/parse-field-path.ts';
import { ApiError } from '../../src/store/api-error.ts';

/** The kinds that the analysis looks at, and some more. */
export const ALL_KINDS: readonly KindDefinition[] = [...coreKinds, ...gatewayApiKinds, ingressKind];

const MAX_REPAIRS = 12;

/**
 * The object as the API server would store it. What admission complains of is taken out and it is tried again, so that most
 * objects get in with most of what is odd about them; undefined if too little is left.
 */
export function admissible(
  kind: KindDefinition,
  version: VersionDefinition,
  given: KubeObject,
): KubeObject | undefined {
  const apiVersion = apiVersionOf(kind.group, version.name);
  const { name, namespace = '' } = given.metadata;
  const rules = coreRules.get(kindKey(kind)) ?? {};
  let object = given;
  for (let repairs = 0; repairs <= MAX_REPAIRS; repairs++) {
    try {
      const target = { resource: { kind, version, apiVersion }, namespace, name };
      const admitted = admitObject(target, { ...object }, { fieldValidation: 'Ignore', rules });
      return { ...admitted.object, apiVersion: apiVersionOf(kind.group, storageVersionOf(kind).name) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const repaired = withoutFaults(object, error);
      if (repaired === undefined) return undefined;
      object = repaired;
    }
  }
  return undefined;
}

function withoutFaults(object: KubeObject, { details }: ApiError): KubeObject | undefined {
  const paths = (details?.causes ?? []).map(({ field = '' }) => parseFieldPath(field));
  const usable = paths.filter((path) => path.length > 1 && path[0] !== 'metadata');
  // From the end, so that indexes stay what they are.
  const path = usable.at(-1);
  if (path === undefined) return undefined;
  return without(object, valueAt(object, path) === undefined ? path.slice(0, -1) : path) as KubeObject;
}

/** The value at a path of a JSON value; undefined if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

function without(value: unknown, [step, ...rest]: readonly (string | number)[]): unknown {
  if (typeof value !== 'object' || value === null || step === undefined) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item, index): unknown[] => {
      if (index !== step) return [item];
      return rest.length === 0 ? [] : [without(item, rest)];
    });
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      if (name !== String(step)) return [[name, member]];
      return rest.length === 0 ? [] : [[name, without(member, rest)]];
    }),
  );
}

/** The object with that status, as a client may write it. @throws If the schema of its kind does not allow the status. */
export function admissibleStatus(object: KubeObject, status: unknown): KubeObject {
  const kind = ALL_KINDS.find((each) => each.kind === object.kind && each.group === groupOf(object.apiVersion));
  if (kind === undefined) throw new Error(`There is no kind ${object.kind}.`);
  const version = storageVersionOf(kind);
  const { name, namespace = '' } = object.metadata;
  const target = { resource: { kind, version, apiVersion: object.apiVersion }, namespace, name };
  const given = { ...object, status };
  return admitStatus(target, given, { fieldValidation: 'Strict', rules: {} }).object;
}
