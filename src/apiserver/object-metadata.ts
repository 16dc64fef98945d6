import { randomInt } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../api/object.ts';
import type { ApiObject } from './object-body.ts';
import { deepEqual } from './schema/json.ts';

// No vowels and no look-alikes, so that generated names spell nothing (as in k8s.io/apimachinery's utilrand).
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_PREFIX = 58;

/** An RFC 3339 time with whole seconds, as metadata has it. */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}

/** The metadata of a new object: what only the server may say replaces what the client said of it. */
export function newMetadata(
  given: ObjectMeta,
  server: { uid: string; createdAt: string; generation?: number },
): ObjectMeta {
  const {
    resourceVersion: _version,
    generation: _generation,
    deletionTimestamp: _deletedAt,
    deletionGracePeriodSeconds: _grace,
    ...kept
  } = given;
  return {
    ...kept,
    name: given.name === '' && given.generateName !== undefined ? generateName(given.generateName) : given.name,
    uid: server.uid,
    creationTimestamp: server.createdAt,
    ...(server.generation === undefined ? {} : { generation: server.generation }),
  };
}

function generateName(prefix: string): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_ALPHABET[randomInt(SUFFIX_ALPHABET.length)]);
  return `${prefix.slice(0, MAX_GENERATED_PREFIX)}${suffix.join('')}`;
}

/** The metadata of a changed object: what never changes, or only the server changes, stays as it was. */
export function updatedMetadata(given: ObjectMeta, existing: ObjectMeta): ObjectMeta {
  const { deletionTimestamp: _deletedAt, deletionGracePeriodSeconds: _grace, generation: _generation, ...kept } = given;
  return {
    ...kept,
    ...pick(existing, ['uid', 'creationTimestamp', 'resourceVersion', 'generation']),
    ...pick(existing, ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generateName']),
  };
}

function pick<K extends keyof ObjectMeta>(metadata: ObjectMeta, fields: readonly K[]): Pick<ObjectMeta, K> | object {
  return Object.fromEntries(
    fields.filter((field) => metadata[field] !== undefined).map((field) => [field, metadata[field]]),
  );
}

/** Whether the desired state differs: anything outside of metadata, and outside of status if that is a subresource. */
export function changesDesiredState(object: ApiObject, existing: ApiObject, hasStatus: boolean): boolean {
  const { metadata: _one, apiVersion: _oneVersion, status: oneStatus, ...one } = object;
  const { metadata: _other, apiVersion: _otherVersion, status: otherStatus, ...other } = existing;
  return !deepEqual(one, other) || (!hasStatus && !deepEqual(oneStatus, otherStatus));
}

/** Whether a write would change nothing but the record of who wrote it when. */
export function isUnchanged(object: KubeObject, existing: KubeObject): boolean {
  return deepEqual(withoutTimes(object), withoutTimes(existing));
}

function withoutTimes(object: KubeObject): unknown {
  const { managedFields, resourceVersion: _version, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, managedFields: managedFields?.map(({ time: _time, ...entry }) => entry) },
  };
}
