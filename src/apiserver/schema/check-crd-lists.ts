import type { JsonSchema } from '../../api/schema.ts';
import { type FieldError, forbidden, invalid, missing, notSupported } from './field-error.ts';

const SCALARS = ['boolean', 'integer', 'number', 'string'];

/** Misuse of `x-kubernetes-list-type` and `x-kubernetes-list-map-keys` in a CRD. */
export function* listErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (listType === undefined) {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    if (keys.length > 0) yield missing(`${field}.x-kubernetes-list-type`, detail);
    return;
  }
  if (schema.type !== 'array') {
    const detail = 'must be array if x-kubernetes-list-type is specified';
    yield schema.type === undefined ? missing(`${field}.type`, detail) : invalid(`${field}.type`, schema.type, detail);
  }
  if (!['atomic', 'set', 'map'].includes(listType)) {
    yield notSupported(`${field}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']);
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
    yield invalid(`${field}.x-kubernetes-list-type`, listType, detail);
  }
  if (listType === 'map') yield* mapListErrors(schema, field);
  else if (listType === 'set') yield* setErrors(schema, field);
}

function* mapListErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const { items } = schema;
  if (keys.length === 0) {
    yield missing(`${field}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map');
  }
  if (items !== undefined && items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    yield invalid(`${field}.items.type`, items.type ?? '', detail);
  }
  if (items?.nullable === true) {
    yield forbidden(`${field}.items.nullable`, 'cannot be nullable when x-kubernetes-list-type is map');
  }
  for (const key of items === undefined ? [] : keys) yield* keyErrors(schema, key, field);
}

function* keyErrors(schema: JsonSchema, key: string, field: string): Generator<FieldError> {
  const property = schema.items?.properties?.[key];
  const path = `${field}.items.properties[${key}]`;
  if (property === undefined) {
    const keys = schema['x-kubernetes-list-map-keys'];
    yield invalid(`${field}.x-kubernetes-list-map-keys`, keys, 'entries must all be names of item properties');
    return;
  }
  if (property.type !== undefined && !SCALARS.includes(property.type)) {
    const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    yield invalid(`${path}.type`, property.type, detail);
  }
  if (property.default === undefined && schema.items?.required?.includes(key) !== true) {
    const detail =
      'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
    yield missing(`${path}.default`, detail);
  }
  if (property.nullable === true) {
    yield forbidden(`${path}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable');
  }
}

function* setErrors({ items }: JsonSchema, field: string): Generator<FieldError> {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  if (items?.type === 'array' && items['x-kubernetes-list-type'] !== 'atomic') {
    yield invalid(`${field}.items.x-kubernetes-list-type`, items['x-kubernetes-list-type'] ?? null, detail);
  }
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
    yield invalid(`${field}.items.x-kubernetes-map-type`, items['x-kubernetes-map-type'] ?? null, detail);
  }
}

/** Misuse of `x-kubernetes-map-type` in a CRD. */
export function* mapErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  const mapType = schema['x-kubernetes-map-type'];
  if (mapType === undefined) return;
  if (schema.type !== 'object') {
    const detail = 'must be object if x-kubernetes-map-type is specified';
    yield schema.type === undefined ? missing(`${field}.type`, detail) : invalid(`${field}.type`, schema.type, detail);
  }
  if (mapType !== 'atomic' && mapType !== 'granular') {
    yield notSupported(`${field}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']);
  }
}

/** Keys that are named twice in `x-kubernetes-list-map-keys`. */
export function* duplicateKeyErrors(schema: JsonSchema, field: string): Generator<FieldError> {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (new Set(keys).size === keys.length) return;
  yield invalid(`${field}.x-kubernetes-list-map-keys`, keys, 'must not contain duplicate entries');
}
