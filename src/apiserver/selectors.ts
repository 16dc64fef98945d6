import type { KindDefinition } from '../api/kind-definition.ts';
import type { KubeObject } from '../api/object.ts';
import { badRequest } from './status-errors.ts';

/** Decides whether an object is among those that a client asked for. */
export type ObjectFilter = (object: KubeObject) => boolean;

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const SET_REQUIREMENT = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const EQUALITY_REQUIREMENT = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const EXISTENCE_REQUIREMENT = /^(!?)\s*([^\s!=,()]+)$/;
const LABEL_KEY = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Reads a `labelSelector`: `a=b,c!=d,e in (f,g),h,!i`. Undefined when it selects everything. */
export function parseLabelSelector(selector: string): ObjectFilter | undefined {
  const requirements = splitRequirements(selector).map(parseRequirement);
  if (requirements.length === 0) return undefined;
  return ({ metadata: { labels = {} } }) => requirements.every((matches) => matches(labels));
}

/** Splits at commas outside of parentheses. */
function splitRequirements(selector: string): string[] {
  const parts = selector.match(/(?:\([^)]*\)?|[^,(])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function parseRequirement(text: string): LabelTest {
  const set = SET_REQUIREMENT.exec(text);
  if (set !== null) return setTest(labelKey(set[1] ?? ''), set[2] === 'in', (set[3] ?? '').split(','));
  const equality = EQUALITY_REQUIREMENT.exec(text);
  if (equality !== null) return setTest(labelKey(equality[1] ?? ''), equality[2] !== '!=', [equality[3] ?? '']);
  const existence = EXISTENCE_REQUIREMENT.exec(text);
  if (existence === null) throw badRequest(`unable to parse requirement: ${JSON.stringify(text)}`);
  const key = labelKey(existence[2] ?? '');
  const wanted = existence[1] === '';
  return (labels) => Object.hasOwn(labels, key) === wanted;
}

/** `notin` and `!=` select objects without the label too. */
function setTest(key: string, isIn: boolean, values: readonly string[]): LabelTest {
  const set = new Set(values.map((value) => value.trim()));
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return (value !== undefined && set.has(value)) === isIn;
  };
}

function labelKey(key: string): string {
  if (!LABEL_KEY.test(key)) throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${key}"`);
  return key;
}

/** Fields besides `metadata.name` and `metadata.namespace` that native kinds can be selected by. */
const SELECTABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Event: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Namespace: ['status.phase'],
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
};

/** Reads a `fieldSelector`: `metadata.name=x,type!=y`. Undefined when it selects everything. */
export function parseFieldSelector(selector: string, kind: KindDefinition): ObjectFilter | undefined {
  const tests = selector
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term) => parseFieldTerm(term, kind));
  return tests.length === 0 ? undefined : (object) => tests.every((matches) => matches(object));
}

function parseFieldTerm(term: string, kind: KindDefinition): ObjectFilter {
  const match = /^\s*([^!=]+?)\s*(==|=|!=)(.*)$/.exec(term);
  if (match === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, field = '', operator = '', wanted = ''] = match;
  const selectable = kind.group === '' ? (SELECTABLE_FIELDS[kind.kind] ?? []) : [];
  if (field !== 'metadata.name' && field !== 'metadata.namespace' && !selectable.includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  const path = field === 'source' ? ['source', 'component'] : field.split('.');
  return (object) => (textAt(object, path) === wanted) === (operator !== '!=');
}

function textAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const segment of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, segment) : undefined;
  }
  return typeof value === 'string' ? value : '';
}
