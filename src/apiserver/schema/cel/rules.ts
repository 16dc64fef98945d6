import type { CelValue } from '@bufbuild/cel';
import type { JsonSchema, ValidationRule } from '../../../api/schema.ts';
import { duplicate, type FieldError, forbidden, invalid, missing } from '../field-error.ts';
import { deepEqual, isList, isObject } from '../json.ts';
import { correlation } from '../validate-value.ts';
import { pathOf, type Walk } from '../walk.ts';
import { compileExpression, type Program } from './program.ts';
import { celValueOf, escapedName, itemOf, memberOf } from './value.ts';

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program: Program;
  readonly message: Program | undefined;
}

/** A rule that is compiled when it is first needed: most objects need few of the many that a kind has. */
type LazyRule = () => CompiledRule;

function lazily(rule: ValidationRule, schema: JsonSchema): LazyRule {
  let compiled: CompiledRule | undefined;
  return () => {
    compiled ??= compileRule(rule, schema);
    return compiled;
  };
}

/** The part of a schema that holds rules; subtrees without any are left out. */
export interface RuleNode {
  readonly schema: JsonSchema;
  readonly rules: readonly LazyRule[];
  readonly members: ReadonlyMap<string, RuleNode>;
  readonly others: RuleNode | undefined;
  readonly items: RuleNode | undefined;
  /** Whether a rule of this node or below it looks at the value before an update. */
  readonly usesOldSelf: boolean;
}

/** A value at its place, before and after an update, plain and as rules see it. */
interface Place {
  readonly value: unknown;
  readonly old: unknown;
  readonly self?: CelValue | undefined;
  readonly oldSelf?: CelValue | undefined;
}

const nodes = new WeakMap<JsonSchema, { readonly node: RuleNode | undefined }>();

/** The rules of a whole schema, collected once; undefined if it has none. */
export function rulesOf(schema: JsonSchema): RuleNode | undefined {
  let known = nodes.get(schema);
  if (known === undefined) {
    known = { node: collectRules(schema) };
    nodes.set(schema, known);
  }
  return known.node;
}

function collectRules(schema: JsonSchema): RuleNode | undefined {
  const own = schema['x-kubernetes-validations'] ?? [];
  const rules = own.map((rule) => lazily(rule, schema));
  const members = new Map<string, RuleNode>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const node = rulesOf(property);
    if (node !== undefined) members.set(name, node);
  }
  const others = typeof schema.additionalProperties === 'object' ? rulesOf(schema.additionalProperties) : undefined;
  const items = schema.items && rulesOf(schema.items);
  const isEmpty = rules.length === 0 && members.size === 0 && others === undefined && items === undefined;
  if (isEmpty) return undefined;
  const below = [...members.values(), others, items];
  const usesOldSelf =
    own.some(({ rule }) => rule.includes('oldSelf')) || below.some((node) => node?.usesOldSelf === true);
  return { schema, rules, members, others, items, usesOldSelf };
}

/** Compiles a rule and its message expression. Throws a CelCompileError. */
export function compileRule(rule: ValidationRule, schema: JsonSchema): CompiledRule {
  const message = rule.messageExpression === undefined ? undefined : compileExpression(rule.messageExpression, schema);
  return { rule, program: compileExpression(rule.rule, schema), message };
}

/**
 * Evaluates the rules of a node and everything below it. Null is not validated by rules. What an update leaves alone is
 * not either: it was valid, or it is none of the update's business (Kubernetes' ratcheting).
 */
export function checkRules(node: RuleNode, place: Place, walk: Walk): void {
  if (place.value === null) return;
  if (place.old !== undefined && !node.usesOldSelf && deepEqual(place.value, place.old)) return;
  const at = node.rules.length > 0 ? withCelValues(node, place) : place;
  for (const rule of node.rules) checkRule(node, rule(), { ...at, walk });
  if (isList(at.value)) checkItems(node, at, walk);
  else if (isObject(at.value)) checkMembers(node, at, walk);
}

function withCelValues(node: RuleNode, place: Place): Place {
  const hasOld = place.old !== undefined && place.old !== null;
  return {
    ...place,
    self: place.self ?? celValueOf(node.schema, place.value),
    oldSelf: place.oldSelf ?? (hasOld ? celValueOf(node.schema, place.old) : undefined),
  };
}

function checkItems(node: RuleNode, { value, old, self }: Place, walk: Walk): void {
  if (node.items === undefined || !isList(value)) return;
  const findOld = correlation(node.schema)(old);
  for (const [index, item] of value.entries()) {
    walk.path.push(`[${index}]`);
    checkRules(node.items, { value: item, old: findOld(item), self: itemOf(self, index) }, walk);
    walk.path.pop();
  }
}

function checkMembers(node: RuleNode, { value, old, self, oldSelf }: Place, walk: Walk): void {
  if (!isObject(value)) return;
  const before = isObject(old) ? old : undefined;
  for (const name of node.others === undefined ? node.members.keys() : Object.keys(value)) {
    const inner = node.members.get(name);
    const member = inner ?? node.others;
    if (member === undefined || !Object.hasOwn(value, name)) continue;
    const celName = inner === undefined ? name : escapedName(name);
    walk.path.push(inner === undefined ? `[${name}]` : `.${name}`);
    const place = {
      value: value[name],
      old: before?.[name],
      self: memberOf(self, celName),
      oldSelf: memberOf(oldSelf, celName),
    };
    checkRules(member, place, walk);
    walk.path.pop();
  }
}

interface RulePlace extends Place {
  readonly walk: Walk;
}

function checkRule(node: RuleNode, { rule, program, message }: CompiledRule, place: RulePlace): void {
  const { self = null, walk, old, value } = place;
  const isOptional = rule.optionalOldSelf === true;
  if (program.usesOldSelf && place.oldSelf === undefined && !isOptional) return;
  const oldSelf = isOptional ? (place.oldSelf ?? null) : place.oldSelf;
  const outcome = program.evaluate(self, oldSelf);
  if (outcome.type === 'Value' && outcome.value === true) return;
  const field = pathOf(walk) || '<nil>';
  const type = node.schema.type ?? '';
  if (outcome.type === 'Error') {
    walk.errors.push(invalid(field, type, evaluationProblem(outcome.message, rule)));
    return;
  }
  // Ratcheting: a rule that cannot see the old value does not stop an update that leaves its value alone.
  if (!program.usesOldSelf && old !== undefined && deepEqual(value, old)) return;
  walk.errors.push(
    violation(rule, fieldOf(field, rule), { type, detail: messageOf(rule, message, { self, oldSelf }) }),
  );
}

function fieldOf(field: string, { fieldPath }: ValidationRule): string {
  if (fieldPath === undefined) return field;
  return field === '<nil>' ? fieldPath.replace(/^\./, '') : `${field}${fieldPath}`;
}

function evaluationProblem(message: string, rule: ValidationRule): string {
  const ruleText = (rule.message ?? rule.rule).trim();
  return message.startsWith('no such overload')
    ? `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText}`
    : `${message} evaluating rule: ${ruleText}`;
}

function messageOf(
  rule: ValidationRule,
  program: Program | undefined,
  { self, oldSelf }: { readonly self: CelValue; readonly oldSelf: CelValue | undefined },
): string {
  const computed = program?.evaluate(self, oldSelf);
  if (computed?.type === 'Value' && typeof computed.value === 'string') {
    const text = computed.value.trim();
    if (text !== '' && !text.includes('\n') && text.length <= MAX_MESSAGE_LENGTH) return text;
  }
  return rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`;
}

/** Longer results of a messageExpression are not used, as in Kubernetes. */
const MAX_MESSAGE_LENGTH = 5_120;

function violation(
  { reason }: ValidationRule,
  field: string,
  { type, detail }: { readonly type: string; readonly detail: string },
): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return missing(field, detail);
    case 'FieldValueDuplicate':
      return duplicate(field, type);
    default:
      return invalid(field, type, detail);
  }
}
