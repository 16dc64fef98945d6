import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyzer.ts';
import type { AnalysisOptions } from '../../src/analysis/options.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { objectKey, refOf } from '../../src/api/object.ts';
import { buildPlans } from '../../src/plan/build-plans.ts';
import type { GatewayPlan } from '../../src/plan/types.ts';
import { ObjectStore } from '../../src/store/object-store.ts';
import { makeCertificate } from '../contract/self-signed.ts';
import { arbitraryObject, KEY_MARKER } from '../support/arbitrary-object.ts';
import { FUZZ_OPTIONS } from '../support/fuzz-options.ts';
import { FuzzedPipeline } from '../support/fuzzed-pipeline.ts';

/** Making objects costs more than handling them, so runs draw from a pool that is made once. */
const POOL = 400;
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

let pool: readonly KubeObject[] = [];
let routes: readonly KubeObject[] = [];
let bystanders: readonly KubeObject[] = [];
let secrets: readonly string[] = [];

beforeAll(async () => {
  const pair = await makeCertificate();
  const sample = (count: number, kinds?: readonly string[]) =>
    fc.sample(arbitraryObject(pair, kinds), { numRuns: count, seed: SEED });
  pool = sample(POOL);
  routes = sample(POOL / 4, ['HTTPRoute']);
  bystanders = sample(POOL / 8, ['GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'ListenerSet', 'Ingress']);
  secrets = [KEY_MARKER, pair.key.split('\n')[1] ?? ''];
  secrets = [...secrets, ...secrets.map((text) => Buffer.from(text).toString('base64'))];
}, 120_000);

const options: fc.Arbitrary<AnalysisOptions> = fc.record({
  embedded: fc.boolean(),
  allowExternalName: fc.boolean(),
  features: fc.constant(new Set(['Gateway', 'HTTPRoute'])),
});
const ownership = fc.oneof(fc.constant({}), fc.constant({ controllerNames: ['example.com/edge'] }));
const sharing = fc.constantFrom({}, { sharedAddress: '127.0.0.10' });
const analysis = fc
  .tuple(options, ownership, sharing)
  .map(([plain, names, shared]): AnalysisOptions => ({ ...plain, ...names, ...shared }));

const index = fc.nat(POOL - 1);
const world = fc.array(index, { maxLength: 60, size: 'max' });
const edit = fc.record({
  puts: fc.oneof({ weight: 4, arbitrary: fc.array(index, { maxLength: 4 }) }, { weight: 1, arbitrary: world }),
  /** Of the objects that are there, by position. */
  deletes: fc.array(fc.nat(30), { maxLength: 2 }),
  mood: fc.constantFrom(
    'Applies' as const,
    'Applies' as const,
    'Rejects' as const,
    'FailsPorts' as const,
    'IsSilent' as const,
  ),
});

function stored(objects: readonly KubeObject[]): ObjectStore {
  const store = new ObjectStore();
  for (const object of objects) store.put(object);
  return store;
}

function at<T>(list: readonly T[], place: number): T {
  const item = list[place % list.length];
  if (item === undefined) throw new RangeError('The pool is empty.');
  return item;
}

test(`any history of acceptable objects gives what their last state gives, and truthful status (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(analysis, fc.array(edit, { minLength: 1, maxLength: 8 }), async (how, edits) => {
      const pipeline = new FuzzedPipeline(how);
      const there = new Map<string, KubeObject>();
      for (const { puts, deletes, mood } of edits) {
        for (const object of puts.map((place) => at(pool, place))) {
          pipeline.put(object);
          there.set(objectKey(refOf(object)), object);
        }
        for (const place of deletes) {
          const [key, object] = [...there][place] ?? [];
          if (key === undefined || object === undefined) continue;
          pipeline.remove(refOf(object));
          there.delete(key);
        }
        await pipeline.reconcile(mood);
        pipeline.check(secrets);
      }
      await pipeline.close();
    }),
    FUZZ_OPTIONS,
  );
});

/** The rules of a plan by place, without those of one route. */
function rulesWithout({ gateway, ports }: GatewayPlan, route: string): readonly string[] {
  return ports.flatMap(({ port, listeners }) =>
    listeners.flatMap(({ name, hosts }) =>
      hosts.flatMap(({ hostname, rules }) =>
        rules
          .filter(({ source }) => objectKey(source.route) !== route)
          .map(({ id }) => `${objectKey(gateway)} ${port} ${name} ${hostname} ${id}`),
      ),
    ),
  );
}

test(`a route changes no rule of another one, whatever is wrong with it (seed ${SEED})`, () => {
  fc.assert(
    fc.property(analysis, world, fc.nat(), (how, places, place) => {
      const route = at(routes, place);
      const key = objectKey(refOf(route));
      const others = places.map((each) => at(pool, each)).filter((object) => objectKey(refOf(object)) !== key);
      const before = buildPlans(analyze(stored(others), how)).flatMap((plan) => rulesWithout(plan, key));
      const after = buildPlans(analyze(stored([...others, route]), how)).flatMap((plan) => rulesWithout(plan, key));
      expect(after).toEqual(before);
    }),
    FUZZ_OPTIONS,
  );
});

test(`objects of kinds that are not served change no plan (seed ${SEED})`, () => {
  fc.assert(
    fc.property(analysis, world, fc.nat(), (how, places, place) => {
      const others = places.map((each) => at(pool, each));
      const before = buildPlans(analyze(stored(others), how));
      const after = buildPlans(analyze(stored([...others, at(bystanders, place)]), how));
      expect(after).toEqual(before);
    }),
    FUZZ_OPTIONS,
  );
});
