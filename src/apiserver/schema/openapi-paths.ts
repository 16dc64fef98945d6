import type { JsonObject } from './json.ts';
import { definitionName, groupVersionKind, type ServedVersion, sharedName } from './openapi-definitions.ts';

/** One operation, before it is written in one version of OpenAPI or the other. */
export interface OperationSketch {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly id: string;
  readonly action: string;
  readonly description: string;
  readonly parameters: readonly ParameterSketch[];
  /** Name of the definition of the body; undefined if there is none. */
  readonly body: string | undefined;
  /** Name of the definition of the answer. */
  readonly answer: string;
  /** Success codes. */
  readonly codes: readonly number[];
}

/** One parameter. */
export interface ParameterSketch {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'boolean' | 'integer';
  readonly description: string;
}

const query = (name: string, description: string, type: ParameterSketch['type'] = 'string'): ParameterSketch => ({
  name,
  in: 'query',
  type,
  description,
});
const path = (name: string, description: string): ParameterSketch => ({
  name,
  in: 'path',
  type: 'string',
  description,
});

const dryRun = query('dryRun', 'All: everything is done but the write.');
const fieldManager = query('fieldManager', 'Who is recorded as the owner of what changes.');
const fieldValidation = query('fieldValidation', 'What becomes of unknown fields: Ignore, Warn or Strict.');
const writing = [dryRun, fieldManager, fieldValidation];
const selecting = [
  query('continue', 'Where the page starts.'),
  query('fieldSelector', 'Restricts the list by fields.'),
  query('labelSelector', 'Restricts the list by labels.'),
  query('limit', 'Length of a page.', 'integer'),
  query('resourceVersion', 'The version that the answer must have at least.'),
  query('resourceVersionMatch', 'How resourceVersion is meant.'),
  query('sendInitialEvents', 'Whether a watch starts with the objects that exist.', 'boolean'),
  query('timeoutSeconds', 'How long a watch lasts at most.', 'integer'),
  query('watch', 'Changes instead of a list.', 'boolean'),
  query('allowWatchBookmarks', 'Whether a watch may send bookmarks.', 'boolean'),
];
const deleting = [
  dryRun,
  query('gracePeriodSeconds', 'Seconds to wait.', 'integer'),
  query('propagationPolicy', 'What becomes of objects that belong to this one.'),
];
const pretty = query('pretty', 'Whether the answer is indented.');

/** A URL path and what can be done there. */
export interface PathSketch {
  readonly path: string;
  readonly parameters: readonly ParameterSketch[];
  readonly operations: readonly OperationSketch[];
}

/** The base path of a group version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionBase(group: string, version: string): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** All paths of a kind in one version. */
function pathsOf(served: ServedVersion): readonly PathSketch[] {
  const { kind, version } = served;
  const base = groupVersionBase(kind.group, version.name);
  const isNamespaced = kind.scope === 'Namespaced';
  const collection = isNamespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
  const namespace = isNamespaced ? [path('namespace', 'Namespace of the object.')] : [];
  const item = { parameters: [path('name', `Name of the ${kind.kind}.`), ...namespace, pretty] };
  const paths: PathSketch[] = [
    { path: collection, parameters: [...namespace, pretty], operations: collectionOperations(served) },
    { path: `${collection}/{name}`, ...item, operations: itemOperations(served) },
  ];
  if (isNamespaced) {
    const operations = [listOperation(served, 'ForAllNamespaces')];
    paths.push({ path: `${base}/${kind.plural}`, parameters: [pretty], operations });
  }
  if (version.hasStatus) {
    paths.push({ path: `${collection}/{name}/status`, ...item, operations: statusOperations(served) });
  }
  return paths;
}

function operationId(verb: string, { kind, version }: ServedVersion, suffix = ''): string {
  const group = kind.group === '' ? 'Core' : camel(kind.group.replace(/\.k8s\.io$/, ''));
  const scope = kind.scope === 'Namespaced' && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  return `${verb}${group}${camel(version.name)}${scope}${kind.kind}${suffix}`;
}

function camel(name: string): string {
  return name
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function listOperation(served: ServedVersion, suffix = ''): OperationSketch {
  return {
    method: 'get',
    id: operationId('list', served, suffix),
    action: 'list',
    description: `Lists or watches objects of kind ${served.kind.kind}.`,
    parameters: selecting,
    body: undefined,
    answer: `${definitionName(served)}List`,
    codes: [200],
  };
}

function collectionOperations(served: ServedVersion): readonly OperationSketch[] {
  const name = definitionName(served);
  const { kind } = served.kind;
  return [
    listOperation(served),
    {
      method: 'post',
      id: operationId('create', served),
      action: 'post',
      description: `Creates a ${kind}.`,
      parameters: writing,
      body: name,
      answer: name,
      codes: [200, 201, 202],
    },
    {
      method: 'delete',
      id: operationId('deleteCollection', served),
      action: 'deletecollection',
      description: `Deletes objects of kind ${kind}.`,
      parameters: [...deleting, ...selecting],
      body: sharedName('DeleteOptions'),
      answer: sharedName('Status'),
      codes: [200],
    },
  ];
}

function itemOperations(served: ServedVersion): readonly OperationSketch[] {
  return [
    ...changingOperations(served),
    {
      method: 'delete',
      id: operationId('delete', served),
      action: 'delete',
      description: `Deletes a ${served.kind.kind}.`,
      parameters: deleting,
      body: sharedName('DeleteOptions'),
      answer: sharedName('Status'),
      codes: [200, 202],
    },
  ];
}

function statusOperations(served: ServedVersion): readonly OperationSketch[] {
  return changingOperations(served, 'Status');
}

function changingOperations(served: ServedVersion, suffix = ''): readonly OperationSketch[] {
  const name = definitionName(served);
  const what = suffix === '' ? `a ${served.kind.kind}` : `the status of a ${served.kind.kind}`;
  const shared = { answer: name, codes: [200, 201] };
  return [
    {
      method: 'get',
      id: operationId('read', served, suffix),
      action: 'get',
      description: `Reads ${what}.`,
      parameters: [],
      body: undefined,
      answer: name,
      codes: [200],
    },
    {
      method: 'put',
      id: operationId('replace', served, suffix),
      action: 'put',
      description: `Replaces ${what}.`,
      parameters: writing,
      body: name,
      ...shared,
    },
    {
      method: 'patch',
      id: operationId('patch', served, suffix),
      action: 'patch',
      description: `Changes ${what}.`,
      parameters: [...writing, query('force', 'Whether an apply takes fields from other owners.', 'boolean')],
      body: sharedName('Patch'),
      ...shared,
    },
  ];
}

/** What both OpenAPI versions say of an operation in the same way. */
export function commonParts(operation: OperationSketch, served: ServedVersion): JsonObject {
  return {
    description: operation.description,
    operationId: operation.id,
    'x-kubernetes-action': operation.action,
    'x-kubernetes-group-version-kind': groupVersionKind(served),
  };
}

/** How a version of OpenAPI writes parameters and operations. */
export interface PathDialect {
  readonly parameterOf: (parameter: ParameterSketch) => JsonObject;
  readonly operationOf: (operation: OperationSketch, served: ServedVersion) => JsonObject;
}

/** The `paths` of a document, by path. */
export function pathItems(served: readonly ServedVersion[], { parameterOf, operationOf }: PathDialect): JsonObject {
  const items: Record<string, unknown> = {};
  for (const each of served) {
    for (const { path, parameters, operations } of pathsOf(each)) {
      const methods = operations.map((operation) => [operation.method, operationOf(operation, each)]);
      items[path] = { parameters: parameters.map(parameterOf), ...Object.fromEntries(methods) };
    }
  }
  return items;
}
