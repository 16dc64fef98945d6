import fc from 'fast-check';
import type { JsonSchema } from '../../src/api/schema.ts';
import { compilePattern } from '../../src/apiserver/schema/patterns.ts';

/** What fields of a name mostly hold, so that references hit and rules differ in few ways. */
const HINTS: Readonly<Record<string, readonly unknown[]>> = {
  name: ['a', 'a', 'a', 'b', 'b', 'http', 'X-Header', 'Content-Length'],
  namespace: ['default', 'other'],
  sectionName: ['a', 'b', 'http'],
  gatewayClassName: ['a', 'b'],
  kind: ['Service', 'Gateway', 'Secret', 'HTTPRoute', 'GRPCRoute', 'ListenerSet', 'Strange'],
  group: ['', 'gateway.networking.k8s.io', 'strange.example'],
  protocol: ['HTTP', 'HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP', 'strange.example/quic'],
  controllerName: ['example.com/edge', 'example.com/other'],
  hostname: ['a.example', '*.example', 'A.example', 'x.a.example', 'b.example'],
  hostnames: ['a.example', '*.example', 'b.example', '*.a.example'],
  port: [80, 80, 80, 443, 8080, 65_535],
  targetPort: [8080, 'port', 0],
  weight: [0, 1, 3, 1_000_000],
  appProtocol: ['http', 'kubernetes.io/h2c', 'kubernetes.io/ws', 'https', 'strange'],
  addressType: ['IPv4', 'IPv6', 'FQDN'],
  addresses: ['127.0.0.1', '10.0.0.1', '::1', 'a.example'],
  clusterIP: ['None', ''],
  from: ['All', 'Same', 'Selector', 'None'],
};

/** Strings that some field of an API may hold; those that a field's schema allows are tried there. */
const TEXTS = [
  ['', 'a', 'b', 'http', 'A', 'a.example', '*.example', 'x.a.example', 'example.com/edge', 'a_b', 'Ünï', ' a '],
  [
    '/',
    '/a',
    '/a/b',
    '/a/',
    '//',
    '/.',
    '/a%2fb',
    '/%',
    '/a?b',
    '/(',
    '/a(b',
    '/[a-z]+',
    '.*',
    '(',
    '(?i)a',
    'a{9999}',
  ],
  ['GET', 'X-Header', 'x-header', 'Host', 'Transfer-Encoding', 'chunked', ':path', 'a b', 'one, two', 'a\nb'],
  ['10s', '0s', '1h30m', '500ms', '127.0.0.1', '::1', '10.0.0.0/8', '*', 'null', 'https://a.example', 'http://*.a'],
  ['IPAddress', 'Hostname', 'NamedAddress', 'strange.example/type', 'Exact', 'Accepted', '2026-01-01T00:00:00Z', '🙂'],
].flat();

/** Members that the server fills in, or that would only make objects larger. */
const LEFT_OUT = new Set(['metadata', 'status', 'apiVersion', 'kind']);

/** Their defaults are what makes references hit. */
const MOSTLY_ABSENT = new Set(['group', 'kind', 'namespace', 'sectionName', 'from']);

const known = new WeakMap<JsonSchema, Map<string, fc.Arbitrary<unknown>>>();

/** An object of a kind but for `apiVersion`, `kind`, `metadata` and `status`: mostly what its schema allows. */
export function bodyOf(schema: JsonSchema): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const members = Object.entries(schema.properties ?? {}).filter(([name]) => !LEFT_OUT.has(name));
  return recordOf(members, schema.required ?? ['spec']);
}

/** A value that the schema mostly allows; `name` is that of the field. */
function valueOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const byName = known.get(schema) ?? new Map<string, fc.Arbitrary<unknown>>();
  known.set(schema, byName);
  const value = byName.get(name) ?? ofType(schema, name);
  byName.set(name, value);
  return value;
}

function ofType(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const { type, items, properties, additionalProperties } = schema;
  if (type === 'array' && items !== undefined) return listOf(schema, valueOf(items, name));
  if (type === 'object' && properties !== undefined) return recordOf(Object.entries(properties), schema.required ?? []);
  if (type === 'object' && typeof additionalProperties === 'object') {
    const key = fc.constantFrom('a', 'b', 'kubernetes.io/metadata.name');
    return fc.dictionary(key, valueOf(additionalProperties, name), { maxKeys: 2 });
  }
  if (type === 'object') return fc.constantFrom({}, { a: 1 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return numberOf(schema, name);
  if (type === 'string') return textOf(schema, name);
  return hinted(name, fc.constantFrom<unknown>('a', 1, 8080));
}

type Members = readonly (readonly [string, JsonSchema])[];

/** Where `type` names the one other member that is to be there, mostly that one is. */
function recordOf(members: Members, required: readonly string[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const types = members.find(([name]) => name === 'type')?.[1].enum ?? [];
  const variants = types.flatMap((type) =>
    members.flatMap(([name]) => (name.toLowerCase() === String(type).toLowerCase() ? [{ type, name }] : [])),
  );
  if (variants.length === 0) return plainRecord(members, required);
  const names = new Set(variants.map(({ name }) => name));
  return fc.oneof(
    ...variants.map((variant) => {
      const own = members.filter(([name]) => name !== 'type' && (name === variant.name || !names.has(name)));
      return plainRecord(own, [...required, variant.name]).map((record) => ({ type: variant.type, ...record }));
    }),
  );
}

function plainRecord(members: Members, required: readonly string[]): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = members.map(([name, schema]): fc.Arbitrary<object> => {
    const value = valueOf(schema, name).map((given) => ({ [name]: given }));
    const absent = { weight: MOSTLY_ABSENT.has(name) ? 24 : 2, arbitrary: fc.constant({}) };
    return required.includes(name) ? value : fc.oneof(absent, { weight: 3, arbitrary: value });
  });
  return fc.tuple(...fields).map((parts) => Object.assign({}, ...parts) as Readonly<Record<string, unknown>>);
}

function listOf({ minItems = 0, maxItems = 3 }: JsonSchema, items: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const most = Math.max(minItems, Math.min(maxItems, 3));
  return fc.array(items, { minLength: minItems, maxLength: most, size: 'max' });
}

function numberOf({ minimum = 0, maximum = 65_535 }: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const edges = fc.constantFrom(
    minimum,
    maximum,
    Math.min(maximum, minimum + 1),
    Math.min(maximum, Math.max(minimum, 503)),
  );
  return hinted(name, edges);
}

function textOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const allowed = TEXTS.filter((text) => isAllowed(schema, text));
  const long = 'x'.repeat(Math.min(schema.maxLength ?? 64, 5_000));
  const texts = fc.constantFrom(
    ...(allowed.length === 0 ? ['a'] : allowed),
    ...(isAllowed(schema, long) ? [long] : []),
  );
  return hinted(name, texts);
}

function isAllowed(
  { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema,
  text: string,
): boolean {
  const fits = text.length >= minLength && text.length <= maxLength;
  return fits && (pattern === undefined || compilePattern(pattern).matcher(text).find());
}

function hinted(name: string, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const hints = HINTS[name];
  if (hints === undefined) return other;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...hints) }, { weight: 1, arbitrary: other });
}
