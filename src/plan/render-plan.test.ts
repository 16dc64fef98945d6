import { expect, test } from 'vitest';
import {
  backendView,
  certificateView,
  gatewayView,
  resolved,
  routeView,
  unresolved,
} from '../../test/support/topology.ts';
import { buildPlans } from './build-plans.ts';
import { renderPlan } from './render-plan.ts';

test('a plan is rendered with all that decides about requests, and no key', () => {
  const gateway = gatewayView('gw', [
    { name: 'http' },
    { name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.example.com', certificates: [certificateView('x')] },
  ]);
  const forward = routeView('forward', [
    {
      source: {
        name: 'main',
        matches: [
          {
            path: { type: 'Exact', value: '/a' },
            method: 'GET',
            headers: [{ name: 'Version', value: 'two' }],
            queryParams: [{ type: 'RegularExpression', name: 'n', value: '[0-9]+' }],
          },
        ],
        filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'X', value: '1' }] } }],
        timeouts: { request: '10s' },
        retry: { attempts: 1, codes: [503] },
      },
      backends: [
        { weight: 90, backend: resolved('a') },
        { weight: 10, backend: unresolved('x') },
      ],
    },
    {},
  ]);
  const path = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } as const;
  const redirect = routeView(
    'redirect',
    [{ source: { filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'x.example', path } }] } }],
    { attachments: [{ listener: 'https', hostnames: ['www.example.com'] }] },
  );
  const [plan] = buildPlans({
    gatewayClasses: [],
    gateways: [gateway],
    routes: [forward, redirect],
    backends: [backendView('a', 8080)],
    others: [],
  });
  expect(plan === undefined ? '' : renderPlan(plan)).toMatchInlineSnapshot(`
    "gateway: default/gw
    ports:
      - port: 80
        protocol: HTTP
        listeners:
          - name: http
            hosts:
              - hostname: "*"
                rules:
                  - source: HTTPRoute default/forward rules[0].matches[0] (main)
                    match: Exact /a, method GET, header version = two, query n ~ [0-9]+
                    filters:
                      - RequestHeaderModifier:
                          set:
                            - "X: 1"
                    forward:
                      - backend: default/a:80
                        weight: 90
                      - respond: 500
                        weight: 10
                        because: Service "default/x" does not exist.
                    timeouts:
                      requestMs: 10000
                    retry:
                      attempts: 1
                      codes:
                        - 503
                      backoffMs: 25
                  - source: HTTPRoute default/forward rules[1].matches[0]
                    match: PathPrefix /
                    respond: 500
                    because: The rule has no backendRefs.
      - port: 443
        protocol: HTTPS
        listeners:
          - name: https
            hostname: "*.example.com"
            certificates:
              - default/x
            hosts:
              - hostname: www.example.com
                rules:
                  - source: HTTPRoute default/redirect rules[0].matches[0]
                    match: PathPrefix /
                    redirect:
                      statusCode: 302
                      hostname: x.example
                      port: of the listener
                      path: ReplacePrefixMatch / -> /new
    backends:
      - id: default/a:80
        protocol: HTTP/1.1
        endpoints:
          - 127.0.0.1:8080
    certificates:
      - secret: default/x
        names:
          - x.example.com
        material: "[redacted]"
    "
  `);
});
