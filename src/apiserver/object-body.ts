import { objectMeta } from '../api/core/object-meta.ts';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { JsonSchema } from '../api/schema.ts';
import type { ServedResource } from './kind-registry.ts';
import { applyDefaults } from './schema/defaults.ts';
import { isTypeError } from './schema/field-error.ts';
import { isObject } from './schema/json.ts';
import type { JsonObject } from './schema/json.ts';
import { validate } from './schema/validate.ts';
import { badRequest, invalid } from './status-errors.ts';

/** An object whose fields besides those that every object has are not known statically. */
export type ApiObject = KubeObject & JsonObject;

/** Where a write goes. */
export interface WriteTarget {
  readonly resource: ServedResource;
  /** `''` for cluster-scoped kinds. */
  readonly namespace: string;
  /** `''` where a create leaves the name to the body. */
  readonly name: string;
  /** Set when only the status is to be written. */
  readonly subresource?: 'status';
}

/** Reads the body of a write as an object of the target's kind, in the target's version, namespace and under its name. */
export function parseObjectBody(body: unknown, target: WriteTarget): ApiObject {
  const { kind, apiVersion } = target.resource;
  if (!isObject(body)) throw badRequest('the body of the request is not an object');
  checkType(body, 'kind', kind.kind);
  checkType(body, 'apiVersion', apiVersion);
  const given = body['metadata'] ?? {};
  if (!isObject(given))
    throw badRequest(`${kind.kind} in version "${target.resource.version.name}" has no valid metadata`);
  // To clients, null is the same as absent.
  const { metadata } = applyDefaults(METADATA, { metadata: placedMetadata(given, target) });
  // Everything after this reads metadata as its type says, admission included.
  const errors = validate(METADATA, { metadata }).filter(isTypeError);
  if (errors.length > 0) throw invalid(kind, metadata.name, errors);
  return { ...body, apiVersion, kind: kind.kind, metadata };
}

const METADATA: JsonSchema = { type: 'object', properties: { metadata: objectMeta } };

function checkType(body: JsonObject, field: 'kind' | 'apiVersion', expected: string): void {
  const found = body[field];
  if (found === undefined || found === '') return;
  if (found === expected) return;
  const name = field === 'kind' ? 'kind' : 'API version';
  throw badRequest(
    `the ${name} in the data (${typeof found === 'string' ? found : JSON.stringify(found)}) does not match the expected ${name} (${expected})`,
  );
}

function placedMetadata(given: JsonObject, { namespace, name }: WriteTarget): ObjectMeta {
  const { namespace: ownNamespace, name: ownName, ...others } = given;
  if (name !== '' && typeof ownName === 'string' && ownName !== '' && ownName !== name) {
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
  }
  if (typeof ownNamespace === 'string' && ownNamespace !== '' && namespace !== '' && ownNamespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const finalName = typeof ownName === 'string' && ownName !== '' ? ownName : name;
  return { ...others, name: finalName, ...(namespace === '' ? {} : { namespace }) };
}
