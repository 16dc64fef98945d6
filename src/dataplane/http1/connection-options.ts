import { FieldKind } from './field-kind.ts';
import type { HeadFields } from './head-fields.ts';

/** What the `Connection` fields of a message ask for. */
export interface ConnectionOptions {
  readonly close: boolean;
  readonly keepAlive: boolean;
  readonly upgrade: boolean;
}

const NONE: ConnectionOptions = { close: false, keepAlive: false, upgrade: false };
const CLOSE: ConnectionOptions = { ...NONE, close: true };
const KEEP_ALIVE: ConnectionOptions = { ...NONE, keepAlive: true };
const UPGRADE: ConnectionOptions = { ...NONE, upgrade: true };

/** Fields that say where a message ends and where it goes: `Connection` must not take them away. */
const PROTECTED = new Set(['host', 'content-length', 'transfer-encoding', 'content-type', 'authorization', 'cookie']);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** Reads the `Connection` fields and drops the fields that they name. `undefined`: malformed, or it names a field that it may not. */
export function readConnectionOptions(fields: HeadFields, connectionFields: number): ConnectionOptions | undefined {
  if (connectionFields === 0) return NONE;
  let options = NONE;
  for (let index = 0; index < fields.count; index++) {
    if (fields.kind(index) !== FieldKind.Connection) continue;
    const value = fields.value(index);
    const read = usual(value) ?? unusual(value, fields);
    if (read === undefined) return undefined;
    options = options === NONE ? read : union(options, read);
  }
  return options;
}

function usual(value: string): ConnectionOptions | undefined {
  switch (value) {
    case 'close':
      return CLOSE;
    case 'keep-alive':
    case 'Keep-Alive':
      return KEEP_ALIVE;
    case 'upgrade':
    case 'Upgrade':
      return UPGRADE;
    default:
      return undefined;
  }
}

function unusual(value: string, fields: HeadFields): ConnectionOptions | undefined {
  let options = NONE;
  for (const part of value.split(',')) {
    const token = part.trim().toLowerCase();
    if (token === '') continue;
    if (!TOKEN.test(token) || PROTECTED.has(token)) return undefined;
    if (token === 'close') options = union(options, CLOSE);
    else if (token === 'keep-alive') options = union(options, KEEP_ALIVE);
    else if (token === 'upgrade') options = union(options, UPGRADE);
    else fields.dropNamed(token);
  }
  return options;
}

function union(left: ConnectionOptions, right: ConnectionOptions): ConnectionOptions {
  return {
    close: left.close || right.close,
    keepAlive: left.keepAlive || right.keepAlive,
    upgrade: left.upgrade || right.upgrade,
  };
}
