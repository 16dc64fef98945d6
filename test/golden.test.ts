import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CONDITIONS, OWN_CONDITION_TYPES } from '../src/analysis/conditions.ts';
import type { Finding } from '../src/analysis/topology.ts';
import type { KubeObject } from '../src/api/object.ts';
import { refOf } from '../src/api/object.ts';
import { renderPlan } from '../src/plan/render-plan.ts';
import { admit, schemaErrors } from './golden/admit.ts';
import { goldenPath, readCase } from './golden/read-case.ts';
import { conditionsIn, renderStatus, statusIn } from './golden/render-status.ts';
import type { CaseResult } from './golden/run-case.ts';
import { NOW, runCase } from './golden/run-case.ts';

const TESTDATA = join(import.meta.dirname, '../src/analysis/testdata');
const FILES = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' }).sort();
const CASES = FILES.filter((name) => name.endsWith('.in.yaml'));

/** The status of every case that has run. */
const rendered: string[] = [];

describe.each(CASES)('%s', (name) => {
  const path = join(TESTDATA, name);
  const golden = readCase(path, TESTDATA);

  test('says why it exists and is valid input', () => {
    expect(golden.why).toMatch(/^# \S.{30,}/);
    const errors = golden.objects.flatMap((object) => schemaErrors(admit(object)));
    if (golden.options.invalid === true) expect(errors).not.toEqual([]);
    else expect(errors).toEqual([]);
  });

  test('gives the status and the plan that are on file, and both make sense', async () => {
    const result = await runCase(golden);
    expect(result.errors).toEqual([]);
    const status = renderStatus(result.objects);
    rendered.push(status);
    await expect(status).toMatchFileSnapshot(goldenPath(path, 'status'));
    await expect(result.plans.map(renderPlan).join('---\n')).toMatchFileSnapshot(goldenPath(path, 'plan'));
    if (golden.options.invalid !== true) expect(statusErrors(result)).toEqual([]);
    expect(pathsThatDoNotExist(result)).toEqual([]);
    expect(parentsWithoutStatus(result)).toEqual([]);
    expect(programmedThoughInvalid(result)).toEqual([]);
    expect(unknownConditions(result)).toEqual([]);
  });
});

test('every output belongs to an input', () => {
  const outputs = FILES.filter((name) => /\.(status|plan)\.yaml$/.test(name));
  expect(outputs.filter((name) => !existsSync(join(TESTDATA, name.replace(/\.\w+\.yaml$/, '.in.yaml'))))).toEqual([]);
});

test('every condition of the catalogue is reached by a case', () => {
  const statuses = rendered.join('');
  expect(Object.keys(CONDITIONS).filter((verdict) => !statuses.includes(verdict))).toEqual([]);
});

function findingsOf({ update }: CaseResult): readonly Finding[] {
  const { gatewayClasses, gateways, routes, others } = update.topology;
  const views = [
    ...gatewayClasses,
    ...gateways,
    ...gateways.flatMap(({ listeners }) => listeners),
    ...routes,
    ...others,
  ];
  return views.flatMap(({ findings }) => findings);
}

function pathsThatDoNotExist(result: CaseResult): readonly string[] {
  return findingsOf(result).flatMap(({ about, at }) => {
    const object = result.objects.find((each) => JSON.stringify(refOf(each)) === JSON.stringify(about));
    return valueAt(object, at) === undefined ? [at] : [];
  });
}

function valueAt(object: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => (isRecord(value) ? value[part] : undefined), object);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Conditions of ours that are not in the catalogue. */
function unknownConditions({ objects }: CaseResult): readonly string[] {
  return objects
    .flatMap((object) => conditionsIn(statusIn(object) ?? {}))
    .filter(({ type, lastTransitionTime }) => OWN_CONDITION_TYPES.has(type) && lastTransitionTime >= NOW)
    .map(({ type, status, reason }) => `${type}=${status}/${reason}`)
    .filter((verdict) => !Object.hasOwn(CONDITIONS, verdict));
}

function statusErrors({ objects }: CaseResult): readonly string[] {
  return objects.flatMap((object) => (statusIn(object) === undefined ? [] : schemaErrors(object)));
}

function parentsWithoutStatus({ update, objects }: CaseResult): readonly string[] {
  return update.topology.routes.flatMap(({ ref, parents }) => {
    const object = objects.find((each) => JSON.stringify(refOf(each)) === JSON.stringify(ref));
    const written = object === undefined ? [] : (statusIn(object)?.parents ?? []);
    return parents
      .filter(({ parentRef }) => !written.some((each) => equal(each.parentRef, parentRef)))
      .map(() => ref.name);
  });
}

function equal(one: object, other: object): boolean {
  return isDeepStrictEqual(one, other);
}

function programmedThoughInvalid({ objects }: CaseResult): readonly string[] {
  return objects
    .flatMap((object: KubeObject) => {
      const status = statusIn(object);
      const holders = status === undefined ? [] : [status, ...(status.listeners ?? []), ...(status.parents ?? [])];
      return holders.filter((holder) => {
        const conditions = conditionsIn({ conditions: holder.conditions ?? [] });
        const isProgrammed = conditions.some(({ type, status: is }) => type.endsWith('Programmed') && is === 'True');
        return isProgrammed && conditions.some(({ type, status: is }) => type === 'Accepted' && is === 'False');
      });
    })
    .map((holder) => JSON.stringify(holder));
}
