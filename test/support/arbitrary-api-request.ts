import fc from 'fast-check';

/** A request as it is sent to the API; the token is added on the way. */
export interface ApiCall {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const COLLECTIONS = [
  ...['configmaps', 'secrets', 'services', 'pods', 'events'].map((plural) => `/api/v1/namespaces/default/${plural}`),
  ...['gateways', 'httproutes', 'referencegrants', 'backendtlspolicies'].map(
    (plural) => `/apis/gateway.networking.k8s.io/v1/namespaces/default/${plural}`,
  ),
  '/api/v1/namespaces',
  '/apis/gateway.networking.k8s.io/v1/gatewayclasses',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  '/apis/fuzz.example/v1/namespaces/default/things',
];
const KINDS: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  services: 'Service',
  pods: 'Pod',
  events: 'Event',
  namespaces: 'Namespace',
  gateways: 'Gateway',
  httproutes: 'HTTPRoute',
  referencegrants: 'ReferenceGrant',
  backendtlspolicies: 'BackendTLSPolicy',
  gatewayclasses: 'GatewayClass',
  customresourcedefinitions: 'CustomResourceDefinition',
  endpointslices: 'EndpointSlice',
  things: 'Thing',
};
const NAMES = [
  'a',
  'b',
  'default',
  'things.fuzz.example',
  'A',
  '%zz',
  '%2e%2e',
  '..',
  'a%2fb',
  '%00',
  '🙂',
  'x'.repeat(300),
];
const OTHER_PATHS = [
  '/',
  '/api',
  '/apis',
  '/apis/',
  '/api/v1/',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/api/v1',
  '/version',
  '/readyz',
  '/apis//',
  '//',
  '/apis/x/y/z/../..',
  '*',
  '/api/v1/namespaces/default/finalize',
  '/metrics',
];
const WORDS = [
  '',
  'a',
  '1',
  '-1',
  '0',
  'true',
  'All',
  'Strict',
  'a=b',
  'a in (b,c)',
  'a in (',
  '!a',
  '!',
  ',',
  'metadata.name=a',
  'status.phase!=',
  'spec.x=1',
  '=',
  '99999999999999999999',
  'eyJ9',
  'NaN',
  '\0',
  'Background',
  'Orphan',
  'NotOlderThan',
  'Object',
  'None',
  '%',
];
const PARAMETERS = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'watch',
  'allowWatchBookmarks',
  'timeoutSeconds',
  'dryRun',
  'fieldManager',
  'force',
  'fieldValidation',
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
  'includeObject',
  'pretty',
];
const CONTENT_TYPES = [
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+cbor',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  ';',
  '',
];
const ACCEPTS = [
  '*/*',
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/vnd.kubernetes.protobuf',
  'text/html',
  ';;=,',
];
const KEYS = [
  'metadata',
  'spec',
  'status',
  'data',
  'name',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'rules',
  'ports',
  'type',
  '__proto__',
  'constructor',
  'toString',
  '$patch',
  '$retainKeys',
  '$setElementOrder/ports',
  '$deleteFromPrimitiveList/finalizers',
  'deletionTimestamp',
  'generation',
  'resourceVersion',
  'uid',
  'a',
  '',
];
const POINTERS = [
  '',
  '/',
  '/metadata',
  '/metadata/name',
  '/metadata/labels',
  '/metadata/labels/a',
  '/metadata/labels/-',
  '/spec',
  '/spec/ports/0',
  '/spec/ports/-',
  '/spec/ports/99',
  '/data/a~1b',
  '/data/~2',
  '/a/b/c',
  'a',
  '/__proto__/x',
  '/status',
  '/metadata/managedFields',
];
const ODD_BODIES = [
  '',
  '{',
  'null',
  '[]',
  '1',
  '"a"',
  '['.repeat(20_000),
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  '{"a":1e999}',
  'a: &a [*a]',
  'l0: &a [1,1]\nl1: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nl2: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nl3: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\nl4: [*d,*d,*d,*d,*d,*d]',
  'spec: {a: .nan}',
  'k8s\0\n\u0001',
  'k8s\0',
  '? [a]\n: b',
];

const scalar = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  80,
  1e21,
  '',
  'a',
  'b',
  'default',
  '2026-01-01T00:00:00Z',
  'delete',
  'replace',
  'merge',
  '5',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
}));

const schema = fc.letrec((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(
      { type: 'string' },
      { type: 'integer' },
      { type: 'string', pattern: '(' },
      { type: 'string', format: 'date-time' },
      true,
      null,
      'string',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      { 'x-kubernetes-int-or-string': true },
    ),
    tie('schema').map((items) => ({ type: 'array', items, 'x-kubernetes-list-type': 'set' })),
    fc
      .dictionary(fc.constantFrom('a', 'spec', '__proto__'), tie('schema'))
      .map((properties) => ({ type: 'object', properties, required: ['a'] })),
    fc
      .tuple(
        tie('schema'),
        fc.constantFrom(
          'self.a == 1',
          'self',
          'has(self.a)',
          'self.all(x, x)',
          '1 +',
          'oldSelf == self',
          'size(self) > 3',
        ),
      )
      .map(([properties, rule]) => ({
        type: 'object',
        properties: { a: properties },
        'x-kubernetes-validations': [{ rule }],
      })),
    value,
  ),
})).schema;

const definition = schema.map((openAPIV3Schema) => ({
  spec: {
    group: 'fuzz.example',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: openAPIV3Schema } } },
      },
    ],
  },
}));

const operation = fc.record(
  {
    op: fc.constantFrom<unknown>('add', 'remove', 'replace', 'move', 'copy', 'test', 'x', 1),
    path: fc.constantFrom<unknown>(...POINTERS, 1, null),
    from: fc.constantFrom(...POINTERS),
    value,
  },
  { requiredKeys: ['op'] },
);

const where = fc.record({ collection: fc.constantFrom(...COLLECTIONS), name: fc.constantFrom(...NAMES) });

function objectBody(collection: string, name: string): fc.Arbitrary<unknown> {
  const plural = collection.slice(collection.lastIndexOf('/') + 1);
  const group = collection.startsWith('/api/') ? '' : `${collection.split('/')[2] ?? ''}/`;
  const content =
    plural === 'customresourcedefinitions'
      ? definition
      : fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 4 });
  return fc.tuple(content, fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 2 })).map(([body, metadata]) => ({
    apiVersion: `${group}v1`,
    kind: KINDS[plural],
    ...body,
    metadata: { ...metadata, name: plural === 'customresourcedefinitions' ? 'things.fuzz.example' : name },
  }));
}

const query = fc
  .array(fc.tuple(fc.constantFrom(...PARAMETERS), fc.constantFrom(...WORDS)), { maxLength: 3 })
  .map((pairs) =>
    pairs.length === 0 ? '' : `?${pairs.map(([key, word]) => `${key}=${encodeURIComponent(word)}`).join('&')}`,
  );

const headers = fc
  .record({ accept: fc.constantFrom(...ACCEPTS), contentType: fc.constantFrom(...CONTENT_TYPES) })
  .map(({ accept, contentType }): Readonly<Record<string, string>> => ({ accept, 'content-type': contentType }));

const anyBody = fc.oneof(
  value.map(toText),
  fc.array(operation, { maxLength: 4 }).map(toText),
  fc.constantFrom(...ODD_BODIES),
);

function toText(given: unknown): string {
  return JSON.stringify(given);
}

/** Any request, most of them to objects that may be there, and most of them with a body that is of the right form. */
export const apiCall: fc.Arbitrary<ApiCall> = fc.oneof(
  where.chain(({ collection, name }) => {
    const path = fc.constantFrom(
      `${collection}/${name}`,
      `${collection}/${name}`,
      `${collection}/${name}/status`,
      collection,
    );
    const sent = fc.oneof(objectBody(collection, 'a').map(toText), anyBody);
    return fc
      .tuple(fc.constantFrom('GET', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'), path, query, headers, sent)
      .map(call);
  }),
  fc.constantFrom(...COLLECTIONS).chain(writeOf),
  fc.constantFrom(...COLLECTIONS).chain(writeOf),
  fc.tuple(fc.constantFrom('GET', 'POST'), fc.constantFrom(...OTHER_PATHS), query, headers, anyBody).map(call),
);

/** A write of the right form to an object that is mostly there. */
function writeOf(collection: string): fc.Arbitrary<ApiCall> {
  const isDefinition = collection.endsWith('customresourcedefinitions');
  const path = `${collection}/${isDefinition ? 'things.fuzz.example' : 'a'}`;
  const asked = fc.constantFrom(
    '?fieldManager=m',
    '?fieldManager=n',
    '?fieldManager=m&force=true',
    '?fieldManager=m&dryRun=All',
  );
  const whole = objectBody(collection, 'a').map(toText);
  const part = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 3 }).map(toText);
  const operations = fc.array(operation, { maxLength: 3 }).map(toText);
  const send = (method: string, type: string, body: fc.Arbitrary<string>): fc.Arbitrary<ApiCall> => {
    const target = method === 'POST' ? collection : path;
    const place = method === 'PATCH' ? fc.constantFrom(target, `${target}/status`) : fc.constant(target);
    return fc.tuple(fc.constant(method), place, asked, fc.constant({ 'content-type': type }), body).map(call);
  };
  return fc.oneof(
    send('POST', 'application/json', whole),
    send('PUT', 'application/json', whole),
    send('PATCH', 'application/json-patch+json', operations),
    send('PATCH', 'application/merge-patch+json', part),
    send('PATCH', 'application/strategic-merge-patch+json', part),
    send('PATCH', 'application/apply-patch+yaml', whole),
    send('DELETE', 'application/json', fc.constant('')),
  );
}

type Parts = readonly [
  method: string,
  path: string,
  query: string,
  headers: Readonly<Record<string, string>>,
  body: string,
];

function call([method, path, asked, sent, body]: Parts): ApiCall {
  const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  return {
    method,
    target: `${encodeURI(path).replaceAll('%25', '%')}${asked}`,
    headers: sent,
    body: hasBody ? body : '',
  };
}
