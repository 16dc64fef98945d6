import { objectMeta } from '../../api/core/object-meta.ts';
import type { KindDefinition, VersionDefinition } from '../../api/kind-definition.ts';
import type { JsonSchema } from '../../api/schema.ts';
import type { JsonObject } from './json.ts';

/** A kind in one of its served versions. */
export interface ServedVersion {
  readonly kind: KindDefinition;
  readonly version: VersionDefinition;
}

/** Every served version of every kind. */
export function servedVersions(kinds: readonly KindDefinition[]): readonly ServedVersion[] {
  return kinds.flatMap((kind) => kind.versions.filter(({ served }) => served).map((version) => ({ kind, version })));
}

/** The value of `x-kubernetes-group-version-kind` on operations. */
export function groupVersionKind({ kind, version }: ServedVersion): JsonObject {
  return { group: kind.group, kind: kind.kind, version: version.name };
}

/** Groups whose definitions are named after where Kubernetes' own source has them. */
const NATIVE_GROUPS: Readonly<Record<string, string>> = {
  '': 'core',
  'admissionregistration.k8s.io': 'admissionregistration',
  apps: 'apps',
  autoscaling: 'autoscaling',
  batch: 'batch',
  'coordination.k8s.io': 'coordination',
  'discovery.k8s.io': 'discovery',
  'networking.k8s.io': 'networking',
  policy: 'policy',
  'rbac.authorization.k8s.io': 'rbac',
};

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Name of a definition: `io.k8s.api.core.v1.Service`, `io.k8s.networking.gateway.v1.HTTPRoute`. */
export function definitionName({ kind, version }: ServedVersion): string {
  const { group } = kind;
  if (group === 'apiextensions.k8s.io') {
    return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version.name}.${kind.kind}`;
  }
  const native = Object.hasOwn(NATIVE_GROUPS, group) ? NATIVE_GROUPS[group] : undefined;
  const prefix = native === undefined ? group.split('.').reverse().join('.') : `io.k8s.api.${native}`;
  return `${prefix}.${version.name}.${kind.kind}`;
}

/** How the two OpenAPI versions differ where definitions are concerned. */
export interface Dialect {
  /** A property that is another definition. */
  reference(name: string, description?: string): JsonObject;
  /** A schema in this dialect. */
  schema(schema: JsonSchema): JsonObject;
  /** The properties of a schema in this dialect. */
  properties(properties: Readonly<Record<string, JsonSchema>>): JsonObject;
}

/** The definitions of an object and of its list, by name. */
function definitionsOf(served: ServedVersion, dialect: Dialect): JsonObject {
  const { kind, version } = served;
  const name = definitionName(served);
  const { apiVersion, kind: kindProperty, metadata, ...others } = version.schema.properties ?? {};
  const typeMeta = { apiVersion: apiVersion ?? { type: 'string' }, kind: kindProperty ?? { type: 'string' } };
  const object = {
    ...dialect.schema(version.schema),
    properties: {
      ...dialect.properties({ ...typeMeta, ...others }),
      // The definition has this description itself, and `kubectl explain` shows both.
      metadata: dialect.reference(`${META}.ObjectMeta`, metadata === objectMeta ? undefined : metadata?.description),
    },
    'x-kubernetes-group-version-kind': [groupVersionKind(served)],
  };
  return { [name]: object, [`${name}List`]: listDefinition(served, dialect, kind.listKind) };
}

function listDefinition(served: ServedVersion, dialect: Dialect, listKind: string): JsonObject {
  return {
    description: `${listKind} is a list of ${served.kind.kind}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string', description: 'Group and version of the schema that this list follows.' },
      items: { type: 'array', description: 'The objects.', items: dialect.reference(definitionName(served)) },
      kind: { type: 'string', description: 'Kind of this list.' },
      metadata: dialect.reference(`${META}.ListMeta`, 'Standard list metadata.'),
    },
    'x-kubernetes-group-version-kind': [{ ...groupVersionKind(served), kind: listKind }],
  };
}

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** Definitions that all kinds share. */
function sharedDefinitions(dialect: Dialect): JsonObject {
  const { ownerReferences, managedFields, ...metadata } = objectMeta.properties ?? {};
  const statusCause: JsonSchema = {
    type: 'object',
    description: 'One thing that is wrong.',
    properties: { field: text('Where.'), message: text('What, for people.'), reason: text('What, for programs.') },
  };
  return {
    [`${META}.ObjectMeta`]: {
      ...dialect.schema(objectMeta),
      properties: {
        ...dialect.properties(metadata),
        ownerReferences: listOf(ownerReferences, dialect.reference(`${META}.OwnerReference`), dialect),
        managedFields: listOf(managedFields, dialect.reference(`${META}.ManagedFieldsEntry`), dialect),
      },
    },
    [`${META}.OwnerReference`]: dialect.schema(ownerReferences?.items ?? {}),
    [`${META}.ManagedFieldsEntry`]: dialect.schema(managedFields?.items ?? {}),
    [`${META}.ListMeta`]: dialect.schema({
      type: 'object',
      description: 'Metadata of a list.',
      properties: {
        continue: text('Where the next page starts; empty on the last one.'),
        remainingItemCount: { type: 'integer', format: 'int64', description: 'How many items follow.' },
        resourceVersion: text('The version of the API that the list shows.'),
        selfLink: text('Always empty.'),
      },
    }),
    [`${META}.Patch`]: { type: 'object', description: 'A patch, in the format that the content type says.' },
    [`${META}.DeleteOptions`]: {
      ...dialect.schema({ type: 'object', description: 'How to delete.', properties: deleteOptions }),
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'DeleteOptions', version: 'v1' }],
    },
    [`${META}.StatusCause`]: dialect.schema(statusCause),
    [`${META}.Status`]: {
      ...dialect.schema({ type: 'object', description: 'What became of a request.', properties: status(statusCause) }),
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }],
    },
  };
}

function listOf(list: JsonSchema | undefined, items: JsonObject, dialect: Dialect): JsonObject {
  return { ...dialect.schema({ ...list, items: {} }), items };
}

const deleteOptions: Readonly<Record<string, JsonSchema>> = {
  apiVersion: text('Group and version of this schema.'),
  kind: text('Kind of this object.'),
  dryRun: { type: 'array', items: { type: 'string' }, description: 'All: nothing is deleted.' },
  gracePeriodSeconds: { type: 'integer', format: 'int64', description: 'Seconds to wait.' },
  propagationPolicy: text('Orphan, Background or Foreground: what becomes of objects that belong to this one.'),
};

function status(statusCause: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return {
    apiVersion: text('Group and version of this schema.'),
    kind: text('Kind of this object.'),
    code: { type: 'integer', format: 'int32', description: 'HTTP status code.' },
    status: text('Success or Failure.'),
    reason: text('Why, as one word for programs.'),
    message: text('Why, for people.'),
    details: {
      type: 'object',
      description: 'What the request was about.',
      properties: {
        causes: { type: 'array', items: statusCause, description: 'Everything that is wrong.' },
        group: text('Group of the object.'),
        kind: text('Kind of the object.'),
        name: text('Name of the object.'),
        retryAfterSeconds: { type: 'integer', format: 'int32', description: 'When to try again.' },
        uid: text('UID of the object.'),
      },
    },
  };
}

/** Name of the definition of a shared type, such as `Status`. */
export function sharedName(type: 'ObjectMeta' | 'ListMeta' | 'Status' | 'Patch' | 'DeleteOptions'): string {
  return `${META}.${type}`;
}

/** The definitions of all served versions and those that they share, by name. */
export function allDefinitions(served: readonly ServedVersion[], dialect: Dialect): JsonObject {
  return Object.assign({}, sharedDefinitions(dialect), ...served.map((each) => definitionsOf(each, dialect)));
}
