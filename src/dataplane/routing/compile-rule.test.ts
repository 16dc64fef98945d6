import { describe, expect, test } from 'vitest';
import { requestFor } from '../../../test/support/request-view.ts';
import { forwardTo, rulePlan } from '../../../test/support/rule-plan.ts';
import type { BackendId, FilterPlan, WeightedBackend } from '../../plan/types.ts';
import type { Backend, BackendChoice, CompiledRule } from '../compiled.ts';
import { compileRule } from './compile-rule.ts';
import { weightedChoice } from './weighted-choice.ts';

const BAD_FILTER: FilterPlan = {
  type: 'RequestHeaderModifier',
  modifier: { set: [{ name: 'X', value: 'a\nb' }], add: [], remove: [] },
};

function context(randomBelow: (below: number) => number = () => 0) {
  const backends = new Map<BackendId, Backend>();
  return {
    randomBelow,
    backends: {
      get(id: BackendId): Backend {
        const plan = {
          id,
          service: rulePlan('s').source.route,
          port: 80,
          protocol: 'HTTP/1.1',
          endpoints: [],
        } as const;
        const backend = backends.get(id) ?? { id, plan, picker: { pick: () => ({ type: 'None' }) as const } };
        backends.set(id, backend);
        return backend;
      },
    },
  };
}

function share(weight: number, backend: string, filters: FilterPlan[] = []): WeightedBackend {
  return { weight, backend: backend as BackendId, filters };
}

function choose(rule: CompiledRule): BackendChoice {
  if (rule.action.type !== 'Forward') throw new Error('The rule does not forward.');
  return rule.action.choose();
}

function respondedStatus(rule: CompiledRule): number | undefined {
  const exchange = { request: requestFor('/'), source: rule.plan.source, listenerPort: 80 };
  return rule.action.type === 'Respond' ? rule.action.respond(exchange).statusCode : undefined;
}

function counts(rule: CompiledRule, times: number): Record<string, number> {
  const seen: Record<string, number> = {};
  for (let at = 0; at < times; at++) {
    const choice = choose(rule);
    const name = choice.type === 'Backend' ? choice.backend.id : String(choice.statusCode);
    seen[name] = (seen[name] ?? 0) + 1;
  }
  return seen;
}

describe('weights', () => {
  test('shares are exact within a round, and invalid backends keep theirs as 500', () => {
    const invalid: WeightedBackend = { weight: 10, respond: 500, because: 'Service "x" does not exist.' };
    const action = { type: 'Forward', backends: [share(70, 'a'), share(20, 'b'), invalid, share(0, 'never')] } as const;
    const rule = compileRule(rulePlan('r', { action }), context());
    expect(counts(rule, 1_000)).toEqual({ a: 700, b: 200, 500: 100 });
  });

  test('a share is spread over the round, not served in one run', () => {
    const next = weightedChoice(
      [
        { weight: 80, value: 'a' },
        { weight: 20, value: 'b' },
      ],
      () => 0,
    );
    const round = Array.from({ length: 10 }, () => next?.() ?? '').join('');
    expect(round).not.toContain('bb');
    expect(round).not.toContain('aaaaaa');
  });

  test('the first choice of rules that are compiled again and again keeps the shares, too', () => {
    const first = Array.from({ length: 5 }, (_, start) =>
      weightedChoice(
        [
          { weight: 4, value: 'a' },
          { weight: 1, value: 'b' },
        ],
        () => start,
      )?.(),
    );
    expect(first.filter((value) => value === 'a')).toHaveLength(4);
  });

  test('without any weight nothing can be chosen: 500', () => {
    const rule = compileRule(rulePlan('r', { action: { type: 'Forward', backends: [share(0, 'a')] } }), context());
    expect(respondedStatus(rule)).toBe(500);
  });
});

describe('filters', () => {
  test('a filter that cannot be built turns its rule into 500', () => {
    const rule = compileRule(rulePlan('r', { filters: [BAD_FILTER], action: forwardTo('a') }), context());
    expect(respondedStatus(rule)).toBe(500);
    expect(rule.filters).toEqual([]);
  });

  test('a filter of a type that is not known turns its rule into 500', () => {
    const unknown = { type: 'Teleport' } as unknown as FilterPlan;
    const rule = compileRule(rulePlan('r', { filters: [unknown], action: forwardTo('a') }), context());
    expect(respondedStatus(rule)).toBe(500);
  });

  test('a filter of a backendRef that cannot be built turns its share into 500', () => {
    const action = { type: 'Forward', backends: [share(1, 'a', [BAD_FILTER]), share(1, 'b')] } as const;
    expect(counts(compileRule(rulePlan('r', { action }), context()), 10)).toEqual({ 500: 5, b: 5 });
  });

  test('filters of a backendRef come with the backend that was chosen', () => {
    const mark = (value: string): FilterPlan => ({
      type: 'RequestHeaderModifier',
      modifier: { set: [{ name: 'X-Backend', value }], add: [], remove: [] },
    });
    const action = { type: 'Forward', backends: [share(1, 'a', [mark('a')]), share(3, 'b', [mark('b')])] } as const;
    const rule = compileRule(rulePlan('r', { action }), context());
    for (let at = 0; at < 8; at++) {
      const choice = choose(rule);
      if (choice.type !== 'Backend') throw new Error('No backend was chosen.');
      const request = requestFor('/');
      for (const filter of choice.filters) filter.onRequest?.({ request, source: rule.plan.source, listenerPort: 80 });
      expect(request.headers.get('x-backend')).toBe(choice.backend.id);
    }
  });
});

describe('mirrors', () => {
  const mirror = (backend: string, numerator: number, denominator: number): FilterPlan => {
    return { type: 'RequestMirror', backend: backend as BackendId, numerator, denominator };
  };

  test('each mirror is drawn by itself, in whole numbers', () => {
    const draws = [24, 25, 0, 49];
    const rule = compileRule(
      rulePlan('r', { filters: [mirror('m', 25, 100), mirror('n', 25, 50)], action: forwardTo('a') }),
      context((below) => (below === 1 ? 0 : (draws.shift() ?? 0))),
    );
    const [first, second] = rule.mirrors;
    expect(rule.filters).toEqual([]);
    expect(rule.mirrors.map(({ backend }) => backend.id)).toEqual(['m', 'n']);
    expect([first?.draw(), first?.draw(), second?.draw(), second?.draw()]).toEqual([true, false, true, false]);
  });

  test('a mirror of a backendRef comes with the backend that was chosen', () => {
    const action = { type: 'Forward', backends: [share(1, 'a', [mirror('m', 1, 1)])] } as const;
    const choice = choose(compileRule(rulePlan('r', { action }), context()));
    expect(choice.type === 'Backend' && choice.mirrors?.map(({ backend }) => backend.id)).toEqual(['m']);
  });
});
