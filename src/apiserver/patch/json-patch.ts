import { deepEqual, isList, isObject, setProperty } from '../schema/json.ts';
import { PatchError } from './patch-error.ts';

/** More operations in one patch are refused, as Kubernetes refuses them. */
const MAX_OPERATIONS = 10_000;

/** RFC 6902. Throws a PatchError in the words of Kubernetes; the patch applies as a whole or not at all. */
export function jsonPatch(value: unknown, operations: unknown): unknown {
  if (!isList(operations)) {
    throw new PatchError(
      400,
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  if (operations.length > MAX_OPERATIONS) {
    throw new PatchError(
      422,
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  return operations.map(parseOperation).reduce(applyOperation, value);
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string | undefined;
  readonly hasValue: boolean;
  readonly value: unknown;
}

function parseOperation(operation: unknown): Operation {
  if (!isObject(operation)) throw new PatchError(400, 'error decoding patch: an operation must be an object');
  const { op, path, from, value } = operation;
  if (typeof op !== 'string') throw new PatchError(400, 'error decoding patch: an operation needs a string "op"');
  if (typeof path !== 'string') throw new PatchError(422, `${op} operation failed to decode path: missing value`);
  return { op, path, from: typeof from === 'string' ? from : undefined, hasValue: 'value' in operation, value };
}

function applyOperation(document: unknown, operation: Operation): unknown {
  const { op, path, from, value } = operation;
  switch (op) {
    case 'add':
      return add(document, operation, value);
    case 'remove':
      return edit(document, pointer(path), { operation, at: remove });
    case 'replace':
      return edit(document, pointer(path), { operation, at: (parent, key) => replace(parent, key, operation) });
    case 'test':
      if (!deepEqual(read(document, path) ?? null, value ?? null)) {
        throw new PatchError(422, `testing value ${path} failed: test failed`);
      }
      return document;
    case 'move':
    case 'copy':
      return transfer(document, operation, from);
    default:
      throw new PatchError(422, `Unexpected kind: ${op}`);
  }
}

function add(document: unknown, operation: Operation, value: unknown): unknown {
  if (!operation.hasValue && operation.op === 'add') {
    throw new PatchError(422, `add operation failed to decode value: missing value`);
  }
  if (operation.path === '') return value;
  return edit(document, pointer(operation.path), { operation, at: (parent, key) => insert(parent, key, value) });
}

function transfer(document: unknown, operation: Operation, from: string | undefined): unknown {
  const value = from === undefined ? undefined : read(document, from);
  if (from === undefined || value === undefined) {
    throw new PatchError(
      422,
      `${operation.op} operation does not apply: doc is missing from path: ${from}: missing value`,
    );
  }
  if (operation.op === 'copy') return add(document, operation, value);
  if (operation.path.startsWith(`${from}/`)) {
    throw new PatchError(422, `move operation does not apply: cannot move ${from} into itself`);
  }
  return add(edit(document, pointer(from), { operation: { ...operation, path: from }, at: remove }), operation, value);
}

function pointer(path: string): readonly string[] {
  if (path === '') return [];
  return path
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: unknown, path: string): unknown {
  let current: unknown = document;
  for (const key of pointer(path)) {
    if (isList(current)) current = /^\d+$/.test(key) ? current[Number(key)] : undefined;
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current;
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>;

interface Edit {
  readonly operation: Operation;
  /** Makes the container anew with the last key changed. */
  readonly at: (parent: Container, key: string) => Container;
}

/** Rebuilds the containers on the way to `keys`; everything else is shared. */
function edit(value: unknown, keys: readonly string[], change: Edit): unknown {
  const [key, ...rest] = keys;
  if (key === undefined || !(isObject(value) || isList(value))) throw missingPath(change.operation);
  if (rest.length === 0) return change.at(value, key);
  if (isList(value)) {
    const index = indexIn(value, key, value.length - 1);
    return value.with(index, edit(value[index], rest, change));
  }
  if (!Object.hasOwn(value, key)) throw missingPath(change.operation);
  return withMember(value, key, edit(value[key], rest, change));
}

function missingPath({ op, path }: Operation): PatchError {
  return new PatchError(422, `${op} operation does not apply: doc is missing path: "${path}": missing value`);
}

function indexIn(list: readonly unknown[], key: string, last: number): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN;
  if (Number.isNaN(index)) throw new PatchError(422, `strconv.Atoi: parsing "${key}": invalid syntax`);
  if (index > last || index < 0) {
    throw new PatchError(422, `Unable to access invalid index: ${index}: invalid index referenced`);
  }
  return index === list.length ? list.length : index;
}

function withMember(parent: Readonly<Record<string, unknown>>, key: string, value: unknown): Container {
  const copy: Record<string, unknown> = { ...parent };
  setProperty(copy, key, value);
  return copy;
}

function insert(parent: Container, key: string, value: unknown): Container {
  if (!isList(parent)) return withMember(parent, key, value);
  return key === '-' ? [...parent, value] : parent.toSpliced(indexIn(parent, key, parent.length), 0, value);
}

function remove(parent: Container, key: string): Container {
  if (isList(parent)) return parent.toSpliced(indexIn(parent, key, parent.length - 1), 1);
  if (!Object.hasOwn(parent, key)) {
    throw new PatchError(422, `Unable to remove nonexistent key: ${key}: missing value`);
  }
  const { [key]: _removed, ...rest } = parent;
  return rest;
}

function replace(parent: Container, key: string, operation: Operation): Container {
  if (isList(parent)) return parent.with(indexIn(parent, key, parent.length - 1), operation.value ?? null);
  if (!Object.hasOwn(parent, key)) {
    throw new PatchError(422, `replace operation does not apply: doc is missing key: ${operation.path}: missing value`);
  }
  return withMember(parent, key, operation.value ?? null);
}
