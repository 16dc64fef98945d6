import { describe, expect, test } from 'vitest';
import { boundPort } from './harness.ts';
import { corpusMissing, named } from './support/command.ts';
import { corpusObjects, withCorpus } from './support/corpus-world.ts';
import type { Asked, CorpusWorld } from './support/corpus-world.ts';

/** A file with routes: what is asked of one Gateway, and what must be seen. */
interface RouteCase {
  readonly file: string;
  readonly name: string;
  /** `namespace/name`; default: the main Gateway. */
  readonly gateway?: string;
  readonly asked: readonly Asked[];
}

const MAIN = 'gateway-system/main-gateway';
const SHARE_TOLERANCE = 2;
const notFound = { status: 404 };
const app = 'http://app.example.com';
const api = 'http://api.example.com';
/** A redirect that keeps the scheme names the listener's port, unless it is the usual one. */
const newPage = new URL(`http://old.example.com:${boundPort(80)}/new-page`).href;

const routes: readonly RouteCase[] = [
  {
    file: '05-app-routes.yaml',
    name: 'the longer prefix wins on both hostnames, and only there',
    gateway: 'gateway-system/production-gateway',
    asked: [
      { url: `${app}/api/v1/users`, gives: { backend: 'api-v1-service', path: '/api/v1/users' } },
      { url: `${app}/api/v10`, gives: { backend: 'frontend-service' } },
      { url: 'http://www.example.com/api/v1', gives: { backend: 'api-v1-service' } },
      { url: 'http://www.example.com/', gives: { backend: 'frontend-service' } },
      { url: 'http://other.example.com/', gives: notFound },
    ],
  },
  {
    file: '08-basic-route.yaml',
    name: 'one host goes to one Service',
    asked: [
      {
        url: 'http://myapp.example.com/any/path?query=1',
        gives: { backend: 'myapp-service', path: '/any/path?query=1' },
      },
      { url: 'http://other.example.com/', gives: notFound },
    ],
  },
  {
    file: '09-path-matching.yaml',
    name: 'exact, prefix and regular expression',
    asked: [
      { url: 'http://any.example/api/health', gives: { backend: 'health-service' } },
      { url: 'http://any.example/api/health/', gives: notFound },
      { url: 'http://any.example/api/v1/things', gives: { backend: 'api-v1-service' } },
      { url: 'http://any.example/api/v1x', gives: notFound },
      { url: 'http://any.example/users/42?full', gives: { backend: 'user-service' } },
      { url: 'http://any.example/users/anna', gives: notFound },
      { url: 'http://any.example/users/42/posts', gives: notFound },
    ],
  },
  {
    file: '10-header-matching.yaml',
    name: 'a header decides, whatever the case of its name',
    asked: [
      { url: `${api}/x`, headers: { 'x-api-version': 'v2' }, gives: { backend: 'api-v2-service' } },
      { url: `${api}/x`, headers: { 'X-API-Version': 'v3' }, gives: { backend: 'api-v1-service' } },
      { url: `${api}/x`, gives: { backend: 'api-v1-service' } },
    ],
  },
  {
    file: '11-query-matching.yaml',
    name: 'a query parameter decides',
    asked: [
      { url: 'http://any.example/?a=1&version=beta', gives: { backend: 'beta-service' } },
      { url: 'http://any.example/?version=alpha', gives: { backend: 'stable-service' } },
      { url: 'http://any.example/', gives: { backend: 'stable-service' } },
    ],
  },
  {
    file: '12-method-matching.yaml',
    name: 'two methods of one path',
    asked: [
      { url: `${api}/api/resources`, gives: { backend: 'api-service' } },
      { url: `${api}/api/resources/1`, method: 'POST', gives: { backend: 'api-service' } },
      { url: `${api}/api/resources/1`, method: 'DELETE', gives: notFound },
    ],
  },
  {
    file: '13-request-modification.yaml',
    name: 'request headers are added, set and removed, and the prefix is replaced',
    asked: [
      {
        url: `${app}/api/users?page=2`,
        headers: { 'X-Deprecated-Header': 'old', 'X-Kept': 'yes' },
        gives: {
          backend: 'api-service',
          path: '/v1/users?page=2',
          requestHeaders: {
            host: 'backend.internal',
            'x-custom-header': 'custom-value',
            'x-request-id': 'generated-id',
            'x-deprecated-header': null,
            'x-kept': 'yes',
          },
        },
      },
      { url: `${app}/api`, gives: { path: '/v1' } },
      { url: `${app}/other`, gives: notFound },
    ],
  },
  {
    file: '14-response-modification.yaml',
    name: 'response headers are added',
    asked: [
      {
        url: 'http://any.example/',
        gives: {
          backend: 'web-service',
          headers: {
            'x-frame-options': 'DENY',
            'x-content-type-options': 'nosniff',
            'strict-transport-security': 'max-age=31536000; includeSubDomains',
          },
        },
      },
    ],
  },
  {
    file: '15-redirects.yaml',
    name: 'redirects keep what they do not name',
    asked: [
      {
        url: 'http://old.example.com/some/where?q=1',
        gives: { status: 301, headers: { location: 'https://old.example.com/some/where?q=1' } },
      },
      {
        url: 'http://old.example.com/old-page',
        gives: { status: 301, headers: { location: newPage } },
      },
    ],
  },
  {
    file: '21-canary-headers.yaml',
    name: 'who asks for the canary gets it',
    asked: [
      { url: `${app}/`, headers: { 'X-Canary': 'true' }, gives: { backend: 'app-canary' } },
      { url: `${app}/`, headers: { 'X-User-Group': 'beta' }, gives: { backend: 'app-canary' } },
      { url: `${app}/`, headers: { 'X-Canary': 'false', 'X-User-Group': 'gamma' }, gives: { backend: 'app-stable' } },
      { url: `${app}/`, gives: { backend: 'app-stable' } },
    ],
  },
  {
    file: '24-ab-testing.yaml',
    name: 'a cookie decides by a regular expression',
    asked: [
      {
        url: `${app}/checkout`,
        headers: { cookie: 'a=1; ab_test=checkout_v2; b=2' },
        gives: { backend: 'checkout-v2' },
      },
      { url: `${app}/checkout/pay`, headers: { cookie: 'ab_test=checkout_v1' }, gives: { backend: 'checkout-v1' } },
      { url: `${app}/checkout`, gives: { backend: 'checkout-v1' } },
      { url: `${app}/`, headers: { cookie: 'ab_test=checkout_v2' }, gives: notFound },
    ],
  },
  {
    file: '25-istio-gateway.yaml',
    name: 'class, Gateway and route from one file, whatever controller it names',
    gateway: 'istio-system/istio-gateway',
    asked: [{ url: `${app}/`, gives: { backend: 'frontend' } }],
  },
  {
    file: '31-health-routes.yaml',
    name: 'several matches in one rule',
    asked: [
      { url: 'http://any.example/health', gives: { backend: 'health-service' } },
      { url: 'http://any.example/ready', gives: { backend: 'health-service' } },
      { url: 'http://any.example/healthy', gives: notFound },
    ],
  },
  {
    file: '36-security-headers.yaml',
    name: 'security headers',
    asked: [
      {
        url: 'http://any.example/',
        gives: {
          backend: 'web-service',
          headers: {
            'x-frame-options': 'DENY',
            'x-content-type-options': 'nosniff',
            'x-xss-protection': '1; mode=block',
            'referrer-policy': 'strict-origin-when-cross-origin',
            'content-security-policy': "default-src 'self'",
          },
        },
      },
    ],
  },
];

describe.skipIf(corpusMissing !== undefined)(named('routes of the corpus', corpusMissing), () => {
  test.each(routes)('$file: $name', ({ file, gateway = MAIN, asked }) =>
    withCorpus({ files: [file] }, async (world) => {
      await routesInEffect(world, file);
      for (const one of asked) await world.check(gateway, one);
    }),
  );

  test.each([
    {
      file: '02-modern-route.yaml',
      gateway: 'default/my-gateway',
      url: 'http://example.com/api',
      shares: { 'api-v1': 80, 'api-v2': 20 },
    },
    { file: '20-canary-weights.yaml', gateway: MAIN, url: `${app}/`, shares: { 'app-stable': 80, 'app-canary': 20 } },
    { file: '22-blue-green.yaml', gateway: MAIN, url: `${app}/`, shares: { 'app-blue': 100 } },
  ])('$file: weights share the traffic, and weight 0 gets none', ({ file, gateway, url, shares }) =>
    withCorpus({ files: [file] }, async (world) => {
      await routesInEffect(world, file);
      const seen = await world.shares(gateway, url);
      expect(Object.keys(seen).toSorted()).toEqual(Object.keys(shares).toSorted());
      for (const [backend, percent] of Object.entries(shares)) {
        expect(Math.abs((seen[backend] ?? 0) - percent), JSON.stringify(seen)).toBeLessThanOrEqual(SHARE_TOLERANCE);
      }
    }),
  );
});

async function routesInEffect({ sallyport }: CorpusWorld, file: string): Promise<void> {
  const wanted = corpusObjects([file]).filter(({ kind }) => kind === 'HTTPRoute');
  await Promise.all(wanted.map(({ metadata }) => sallyport.routeInEffect(metadata.name, metadata.namespace)));
}
