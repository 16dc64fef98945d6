import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { conditionNews } from './condition-news.ts';

const parentRef = { name: 'edge', namespace: 'infra' };

function route(...conditions: readonly object[]): KubeObject {
  const metadata = { name: 'web', namespace: 'shop' };
  const object = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata };
  return conditions.length === 0 ? object : Object.assign(object, { status: { parents: [{ parentRef, conditions }] } });
}

const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Fine.', observedGeneration: 1 };
const refused = { ...accepted, status: 'False', reason: 'NotAllowedByListeners', message: 'No listener allows it.' };
const resolved = { ...accepted, type: 'ResolvedRefs', reason: 'ResolvedRefs', message: 'Every reference resolves.' };
const programmed = { ...accepted, type: 'sallyport.dev/Programmed', reason: 'Programmed' };

describe('conditionNews', () => {
  test.each([
    {
      name: 'a route that is accepted is told once',
      before: route(),
      after: route(accepted),
      lines: ['HTTPRoute "shop/web", on Gateway "infra/edge", is accepted (generation 1).'],
    },
    {
      name: 'a condition that stays as it is is not news',
      before: route(accepted),
      after: route({ ...accepted }),
      lines: [],
    },
    {
      name: 'a new generation of an accepted route is not news',
      before: route(accepted),
      after: route({ ...accepted, observedGeneration: 2 }),
      lines: [],
    },
    {
      name: 'each generation that comes into effect is told',
      before: route(programmed),
      after: route({ ...programmed, observedGeneration: 2 }),
      lines: ['HTTPRoute "shop/web", on Gateway "infra/edge", is in effect (generation 2).'],
    },
    {
      name: 'a fault is told with reason and message',
      before: route(accepted),
      after: route(refused),
      lines: [
        'HTTPRoute "shop/web", on Gateway "infra/edge", is not Accepted (NotAllowedByListeners): No listener allows it.',
      ],
    },
    {
      name: 'a fault that stays is not told again',
      before: route(refused),
      after: route({ ...refused, observedGeneration: 2 }),
      lines: [],
    },
    {
      name: 'what is not accepted is not said to be out of effect as well',
      before: route(),
      after: route(refused, { ...programmed, status: 'False', reason: 'NotAccepted' }),
      lines: [
        'HTTPRoute "shop/web", on Gateway "infra/edge", is not Accepted (NotAllowedByListeners): No listener allows it.',
      ],
    },
    {
      name: 'a reference that resolves again is told',
      before: route({ ...resolved, status: 'False', reason: 'BackendNotFound', message: 'It does not exist.' }),
      after: route(resolved),
      lines: ['HTTPRoute "shop/web", on Gateway "infra/edge", is in order again (ResolvedRefs) (generation 1).'],
    },
    {
      name: 'a fault that is mended is told',
      before: route(refused),
      after: route(accepted),
      lines: ['HTTPRoute "shop/web", on Gateway "infra/edge", is accepted (generation 1).'],
    },
    {
      name: 'waiting is not news',
      before: route(),
      after: route({ ...programmed, status: 'False', reason: 'Pending' }),
      lines: [],
    },
  ])('$name', ({ before, after, lines }) => {
    const news = conditionNews({ type: 'Modified', object: after, previous: before });
    expect(news.map(({ message }) => message)).toEqual(lines);
  });

  test('a listener that conflicts is told, one that works is the business of its Gateway', () => {
    const conditions = [{ ...accepted, type: 'Conflicted', reason: 'HostnameConflict', message: 'Taken.' }, accepted];
    const gateway = Object.assign(
      { apiVersion: 'v1', kind: 'Gateway', metadata: { name: 'edge' } },
      { status: { listeners: [{ name: 'http', conditions }] } },
    );
    expect(conditionNews({ type: 'Added', object: gateway })).toMatchObject([
      {
        level: 'warning',
        part: 'listener "http"',
        message: 'Gateway "edge", listener "http", is Conflicted (HostnameConflict): Taken.',
      },
    ]);
  });
});
