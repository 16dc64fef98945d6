import { PROTOBUF_MESSAGES } from './protobuf-messages.ts';
import type { ProtobufField, ProtobufMessage, ProtobufType } from './protobuf-messages.ts';
import { badRequest, unsupportedMediaType } from './status-errors.ts';

// `k8s` and a NUL stand before the envelope (k8s.io/apimachinery, runtime/serializer/protobuf).
const MAGIC = Buffer.from('6b387300', 'hex');

const envelope: ProtobufMessage = {
  1: { name: 'typeMeta', type: { 1: { name: 'apiVersion', type: 'string' }, 2: { name: 'kind', type: 'string' } } },
  2: { name: 'raw', type: 'bytes' },
};

interface WireField {
  readonly number: number;
  /** The number of a varint, the bytes of anything that has a length. */
  readonly value: bigint | Buffer;
}

/**
 * Reads what `kubectl create namespace`, `secret`, `configmap`, `service`, `serviceaccount`, `deployment` and `ingress` send: those
 * commands speak protobuf and nothing else. Zero values are left out, as JSON has them.
 */
export function parseProtobufBody(body: Buffer): unknown {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('the body is not a Kubernetes protobuf message');
  const { typeMeta = {}, raw } = readMessage(body.subarray(MAGIC.length), envelope);
  const { apiVersion, kind } = typeMeta as { readonly apiVersion?: string; readonly kind?: string };
  if (kind === 'DeleteOptions' && raw === undefined) return { kind, apiVersion };
  const message = PROTOBUF_MESSAGES.get(`${apiVersion} ${kind}`);
  if (message === undefined) throw unsupportedMediaType(['application/json', 'application/yaml']);
  const content = typeof raw === 'string' ? Buffer.from(raw, 'base64') : Buffer.alloc(0);
  return { apiVersion, kind, ...readMessage(content, message) };
}

function readMessage(bytes: Buffer, message: ProtobufMessage): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = message[number];
    if (field !== undefined) addField(read, field, value);
  }
  return read;
}

function addField(read: Record<string, unknown>, field: ProtobufField, value: bigint | Buffer): void {
  const { name, type } = field;
  if (field.isInline === true) {
    Object.assign(read, readValue(type, value));
  } else if (type === 'map' || type === 'bytesMap') {
    read[name] = { ...(read[name] as object | undefined), ...readEntry(type, value) };
  } else if (field.isList === true) {
    read[name] = [...((read[name] as unknown[] | undefined) ?? []), readValue(type, value)];
  } else {
    const single = readValue(type, value);
    if (!isZero(single)) read[name] = single;
  }
}

function readEntry(type: 'map' | 'bytesMap', value: bigint | Buffer): Readonly<Record<string, unknown>> {
  const entry: ProtobufMessage = {
    1: { name: 'key', type: 'string' },
    2: { name: 'value', type: type === 'map' ? 'string' : 'bytes' },
  };
  const { key = '', value: text = '' } = readMessage(bytesOf(value), entry);
  return Object.fromEntries([[key, text]]);
}

function readValue(type: ProtobufType, value: bigint | Buffer): unknown {
  switch (type) {
    case 'string':
      return bytesOf(value).toString();
    case 'bytes':
      return bytesOf(value).toString('base64');
    case 'bool':
      return value === 1n;
    case 'int':
      return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0;
    case 'time':
      return readTime(bytesOf(value));
    case 'intOrString':
      return readIntOrString(bytesOf(value));
    case 'map':
    case 'bytesMap':
      return readEntry(type, value);
    default:
      return readMessage(bytesOf(value), type);
  }
}

function readTime(bytes: Buffer): string | undefined {
  const { seconds } = readMessage(bytes, { 1: { name: 'seconds', type: 'int' } });
  return typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : undefined;
}

function readIntOrString(bytes: Buffer): number | string {
  const {
    type,
    number = 0,
    text = '',
  } = readMessage(bytes, {
    1: { name: 'type', type: 'int' },
    2: { name: 'number', type: 'int' },
    3: { name: 'text', type: 'string' },
  });
  return type === 1 ? String(text) : Number(number);
}

/** Go writes zero values of fields that JSON leaves out. */
function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false || value === undefined) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  while (at < bytes.length) {
    const [tag, afterTag] = readVarint(bytes, at);
    const [number, wireType] = [Number(tag >> 3n), Number(tag & 7n)];
    const [value, end] = readWireValue(bytes, afterTag, wireType);
    yield { number, value };
    at = end;
  }
}

function readWireValue(bytes: Buffer, at: number, wireType: number): [value: bigint | Buffer, end: number] {
  if (wireType === 0) return readVarint(bytes, at);
  const [length, start] = wireType === 2 ? readVarint(bytes, at) : [fixedLength(wireType), at];
  const end = start + Number(length);
  if (end > bytes.length) throw truncated();
  return [bytes.subarray(start, end), end];
}

function fixedLength(wireType: number): bigint {
  if (wireType === 1) return 8n;
  if (wireType === 5) return 4n;
  throw badRequest(`the body has a protobuf field of unknown wire type ${wireType}`);
}

function readVarint(bytes: Buffer, at: number): [value: bigint, end: number] {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) throw truncated();
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return [value, at + index + 1];
  }
  throw badRequest('the body has a protobuf number of more than ten bytes');
}

function truncated(): Error {
  return badRequest('the body is a protobuf message that ends too early');
}

function bytesOf(value: bigint | Buffer): Buffer {
  return typeof value === 'bigint' ? Buffer.alloc(0) : value;
}
