import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostDelta } from '../../src/engine/embedded/protocol.ts';
import { RoutingTables } from '../../src/dataplane/routing/routing-tables.ts';
import type { RequestView } from '../../src/dataplane/exchange.ts';
import { byPrecedence, type RankedRule } from '../../src/plan/precedence.ts';
import type { MatchPlan, RuleId, ValueMatchPlan } from '../../src/plan/types.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { requestFor } from '../support/request-view.ts';
import { rulePlan } from '../support/rule-plan.ts';

const SOCKET = '127.0.0.1:80';
const HOSTS = ['*', '*.example', '*.b.example', 'a.example', 'a.b.example'] as const;
const ELEMENTS = ['a', 'b', 'ab', 'c'] as const;

const elements = fc.array(fc.constantFrom(...ELEMENTS), { maxLength: 4 });
const literalPath = elements.map((parts) => `/${parts.join('/')}`);

const values = (names: readonly string[]): fc.Arbitrary<readonly ValueMatchPlan[]> =>
  fc.uniqueArray(
    fc.record({
      type: fc.constantFrom('Exact', 'RegularExpression'),
      name: fc.constantFrom(...names),
      value: fc.constantFrom('1', '2', '[12]', 'x.*'),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  );

const match: fc.Arbitrary<MatchPlan> = fc.record(
  {
    path: fc.oneof(
      fc.record({ type: fc.constantFrom('Exact', 'PathPrefix'), value: literalPath }),
      fc.record({ type: fc.constant('Exact'), value: literalPath.map((path) => (path === '/' ? path : `${path}/`)) }),
      fc.record({
        type: fc.constant('RegularExpression'),
        value: fc.constantFrom('/a.*', '/.*b', '/a(b)?/c', '/(a|b)/.*', '(?i)/A/B', '/ab?'),
      }),
    ),
    method: fc.constantFrom('GET', 'POST'),
    headers: values(['x', 'y']),
    queryParams: values(['q', 'Q']),
  },
  { requiredKeys: ['path', 'headers', 'queryParams'] },
);

/** The rules of one host after an edit, as places in a pool of rules. */
const hostRules = fc.record({
  hostname: fc.constantFrom(...HOSTS),
  rules: fc.uniqueArray(fc.nat(29), { maxLength: 25 }),
});

const pairs = (names: readonly string[]): fc.Arbitrary<(readonly [string, string])[]> =>
  fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('1', '2', '3', 'xyz')), { maxLength: 2 });

const request: fc.Arbitrary<RequestView> = fc
  .record({
    path: fc.oneof(
      literalPath,
      literalPath.map((path) => `${path}/`),
      elements.map((parts) => `/${parts.join('%2F')}`),
    ),
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    headers: pairs(['X', 'y']),
    query: pairs(['q', 'Q']),
    authority: fc.constantFrom(
      'a.example',
      'b.example',
      'a.b.example',
      'x.a.b.example:81',
      'other',
      'A.Example',
      'example',
    ),
  })
  .map(({ path, query, ...options }) => {
    const text = query.map((pair) => pair.join('=')).join('&');
    return requestFor(query.length === 0 ? path : `${path}?${text}`, options);
  });

/** Whether a match holds, written for clarity alone. */
function holds({ path, method, headers, queryParams }: MatchPlan, asked: RequestView): boolean {
  const query = new URLSearchParams(asked.query);
  return (
    pathHolds(path, asked.matchPath) &&
    (method === undefined || method === asked.method) &&
    headers.every((header) => valueHolds(header, asked.headers.getAll(header.name)[0])) &&
    queryParams.every((param) => valueHolds(param, query.get(param.name) ?? undefined))
  );
}

function pathHolds({ type, value }: MatchPlan['path'], path: string): boolean {
  if (type === 'Exact') return path === value;
  if (type === 'PathPrefix') return value === '/' || path === value || path.startsWith(`${value}/`);
  return value.startsWith('(?i)')
    ? new RegExp(`^(?:${value.slice(4)})$`, 'i').test(path)
    : new RegExp(`^(?:${value})$`).test(path);
}

function valueHolds({ type, value }: ValueMatchPlan, found: string | undefined): boolean {
  if (found === undefined) return false;
  return type === 'Exact' ? value === found : new RegExp(`^(?:${value})$`).test(found);
}

/** The oracle: hosts from the most to the least specific, each sorted by precedence, first match. */
function naiveRoute(hosts: ReadonlyMap<string, readonly RankedRule[]>, asked: RequestView): RuleId | undefined {
  const covering = [...hosts.keys()]
    .filter(
      (host) => host === '*' || host === asked.host || (host.startsWith('*.') && asked.host.endsWith(host.slice(1))),
    )
    .filter((host) => !host.startsWith('*.') || asked.host.length > host.length - 1)
    .toSorted((a, b) => Number(b === asked.host) - Number(a === asked.host) || b.length - a.length);
  for (const host of covering) {
    const found = (hosts.get(host) ?? []).toSorted(byPrecedence).find(({ plan }) => holds(plan.match, asked));
    if (found !== undefined) return found.plan.id;
  }
  return undefined;
}

/** The one splice between what two lists have in common at their start and end. */
function spliceBetween(hostname: string, before: readonly RankedRule[], after: readonly RankedRule[]): HostDelta {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const insert = after.slice(start, after.length - end).map(({ plan }) => plan.id);
  return { hostname, at: start, removeCount: before.length - end - start, insert };
}

test('tables that follow splices find what sorting all rules and taking the first match finds', () => {
  const edits = fc.array(fc.uniqueArray(hostRules, { maxLength: 3, selector: ({ hostname }) => hostname }), {
    minLength: 1,
    maxLength: 5,
  });
  const pool = fc.array(match, { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(pool, edits, fc.array(request, { minLength: 1, maxLength: 10 }), (matches, steps, requests) => {
      const rules = matches.map((each, index): RankedRule => {
        return { plan: rulePlan(`rule-${index}`, { match: each }), createdAt: '', routeName: `default/rule-${index}` };
      });
      const tables = new RoutingTables({ backends: { get: () => undefined }, randomBelow: () => 0 });
      const hosts = new Map<string, readonly RankedRule[]>();
      for (const step of steps) {
        const splices = step.map(({ hostname, rules: places }) => {
          const after = places.flatMap((place) => rules[place] ?? []).toSorted(byPrecedence);
          const splice = spliceBetween(hostname, hosts.get(hostname) ?? [], after);
          hosts.set(hostname, after);
          return splice;
        });
        tables.prepare({
          rules: rules.map(({ plan }) => plan),
          removedRules: [],
          sockets: [
            {
              socket: SOCKET,
              protocol: 'HTTP',
              port: 80,
              listeners: [{ key: 'l', hosts: splices }],
              removedListeners: [],
            },
          ],
        })();
        for (const asked of requests) {
          const found = tables.socket(SOCKET)?.listener(asked.host)?.route(asked)?.plan.id;
          expect(found).toBe(naiveRoute(hosts, asked));
        }
      }
    }),
    FUZZ_OPTIONS,
  );
});
