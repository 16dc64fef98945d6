import { isList, isObject } from './json.ts';
import type { JsonObject } from './json.ts';

/** How a keyword of a schema is written; the number is that of its field in gnostic's `openapi_v2.proto`, message `Schema`. */
type Encoding = readonly [number: number, encode: (number: number, value: unknown) => Buffer];

const SCHEMA_FIELDS: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ['$ref', [1, text]],
  ['format', [2, text]],
  ['title', [3, text]],
  ['description', [4, text]],
  ['default', [5, any]],
  ['multipleOf', [6, double]],
  ['maximum', [7, double]],
  ['exclusiveMaximum', [8, integer]],
  ['minimum', [9, double]],
  ['exclusiveMinimum', [10, integer]],
  ['maxLength', [11, integer]],
  ['minLength', [12, integer]],
  ['pattern', [13, text]],
  ['maxItems', [14, integer]],
  ['minItems', [15, integer]],
  ['uniqueItems', [16, integer]],
  ['maxProperties', [17, integer]],
  ['minProperties', [18, integer]],
  ['required', [19, (number, value) => each(value, (item) => text(number, item))]],
  ['enum', [20, (number, value) => each(value, (item) => any(number, item))]],
  ['additionalProperties', [21, (number, value) => bytes(number, bytes(1, schema(value)))]],
  ['type', [22, (number, value) => bytes(number, text(1, value))]],
  ['items', [23, (number, value) => bytes(number, bytes(1, schema(value)))]],
  ['properties', [25, (number, value) => bytes(number, namedSchemas(value))]],
]);
const VENDOR_EXTENSION = 31;

/**
 * The definitions of an OpenAPI v2 document as the protobuf message `openapi.v2.Document`. kubectl reads v2 in this form only:
 * for an object whose kind is not served, and before v1.27 for everything. Of the document it reads definitions alone.
 */
export function encodeOpenApiV2({ swagger, info, definitions }: JsonObject): Buffer {
  const { title, version } = isObject(info) ? info : {};
  return Buffer.concat([
    text(1, swagger),
    bytes(2, Buffer.concat([text(1, title), text(2, version)])),
    bytes(9, namedSchemas(definitions)),
  ]);
}

function namedSchemas(schemas: unknown): Buffer {
  const entries = isObject(schemas) ? Object.entries(schemas) : [];
  return Buffer.concat(
    entries.map(([name, value]) => bytes(1, Buffer.concat([text(1, name), bytes(2, schema(value))]))),
  );
}

function schema(value: unknown): Buffer {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Buffer.concat(entries.map(([keyword, argument]) => schemaField(keyword, argument)));
}

function schemaField(keyword: string, argument: unknown): Buffer {
  const field = SCHEMA_FIELDS.get(keyword);
  if (field !== undefined) return field[1](field[0], argument);
  if (!keyword.startsWith('x-')) return Buffer.alloc(0);
  return bytes(VENDOR_EXTENSION, Buffer.concat([text(1, keyword), any(2, argument)]));
}

function each(list: unknown, encode: (item: unknown) => Buffer): Buffer {
  return Buffer.concat(isList(list) ? list.map(encode) : []);
}

/** The message `Any` holds YAML, and JSON is YAML. */
function any(number: number, value: unknown): Buffer {
  return bytes(number, text(2, JSON.stringify(value)));
}

function text(number: number, value: unknown): Buffer {
  return bytes(number, Buffer.from(typeof value === 'string' ? value : ''));
}

function bytes(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
}

function double(number: number, value: unknown): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeDoubleLE(Number(value));
  return Buffer.concat([varint(number * 8 + 1), eight]);
}

/** An integer that is not negative, or a boolean. */
function integer(number: number, value: unknown): Buffer {
  return Buffer.concat([varint(number * 8), varint(Number(value))]);
}

function varint(value: number): Buffer {
  const digits = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...digits, rest]);
    digits.push((rest % 128) + 128);
  }
}
