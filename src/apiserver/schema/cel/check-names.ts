import type { parse } from '@bufbuild/cel';
import type { JsonSchema } from '../../../api/schema.ts';
import { escapedName } from './value.ts';

type Expression = NonNullable<ReturnType<typeof parse>['expr']>;

/** What names an expression may use. */
export interface NameContext {
  /** Schema of `self` and `oldSelf`. */
  readonly schema: JsonSchema;
  readonly functions: ReadonlySet<string>;
}

/** What was found out about an expression's names; `problem` says what does not exist. */
export interface NameCheck {
  readonly usesOldSelf: boolean;
  readonly problem?: string;
}

const TYPE_NAMES = new Set(['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint']);
const OPERATOR = /^[_!@-]/;

/** Finds names in an expression that cannot exist: variables, functions, and fields that the schema does not have. */
export function checkNames(expression: Expression | undefined, context: NameContext): NameCheck {
  const check = new NameChecker(context);
  const scope: Scope = new Map([
    ['self', context.schema],
    ['oldSelf', context.schema],
  ]);
  try {
    if (expression !== undefined) check.visit(expression, scope);
  } catch (error) {
    if (error instanceof UnknownName) return { usesOldSelf: check.usesOldSelf, problem: error.message };
    throw error;
  }
  return { usesOldSelf: check.usesOldSelf };
}

/** Variables in scope with their schema, as far as it is known. */
type Scope = ReadonlyMap<string, JsonSchema | undefined>;

class UnknownName extends Error {}

class NameChecker {
  usesOldSelf = false;
  readonly #functions: ReadonlySet<string>;

  constructor({ functions }: NameContext) {
    this.#functions = functions;
  }

  /** Visits an expression and returns the schema of its values, as far as it is known. */
  visit(expression: Expression, scope: Scope): JsonSchema | undefined {
    const { exprKind: kind } = expression;
    switch (kind.case) {
      case 'identExpr':
        return this.#visitName(kind.value.name, scope);
      case 'selectExpr':
        return kind.value.operand && member(this.visit(kind.value.operand, scope), kind.value.field);
      case 'callExpr':
        return this.#visitCall(kind.value, scope);
      case 'comprehensionExpr':
        return this.#visitComprehension(kind.value, scope);
      case 'listExpr':
        for (const item of kind.value.elements) this.visit(item, scope);
        return undefined;
      case 'structExpr':
        for (const { value } of kind.value.entries) if (value !== undefined) this.visit(value, scope);
        return undefined;
      default:
        return undefined;
    }
  }

  #visitName(name: string, scope: Scope): JsonSchema | undefined {
    if (name === 'oldSelf') this.usesOldSelf = true;
    if (scope.has(name)) return scope.get(name);
    if (TYPE_NAMES.has(name)) return undefined;
    throw new UnknownName(`undeclared reference to '${name}' (in container '')`);
  }

  #visitCall(
    call: Extract<Expression['exprKind'], { case: 'callExpr' }>['value'],
    scope: Scope,
  ): JsonSchema | undefined {
    const qualified = qualifiedName(call.target, call.function);
    const isNamespaced = qualified !== undefined && this.#functions.has(qualified);
    if (!isNamespaced && !OPERATOR.test(call.function) && !this.#functions.has(call.function)) {
      throw new UnknownName(`undeclared reference to '${call.function}' (in container '')`);
    }
    if (call.target !== undefined && !isNamespaced) this.visit(call.target, scope);
    const [first] = call.args.map((arg) => this.visit(arg, scope));
    if (call.function !== '_[_]') return undefined;
    return first?.items ?? (typeof first?.additionalProperties === 'object' ? first.additionalProperties : undefined);
  }

  #visitComprehension(
    loop: Extract<Expression['exprKind'], { case: 'comprehensionExpr' }>['value'],
    scope: Scope,
  ): undefined {
    const range = loop.iterRange && this.visit(loop.iterRange, scope);
    const inner = new Map(scope).set(loop.iterVar, range?.items).set(loop.accuVar, undefined);
    if (loop.iterVar2 !== '') inner.set(loop.iterVar, undefined).set(loop.iterVar2, range?.items);
    for (const part of [loop.accuInit, loop.loopCondition, loop.loopStep, loop.result]) {
      if (part !== undefined) this.visit(part, inner);
    }
  }
}

function qualifiedName(target: Expression | undefined, name: string): string | undefined {
  return target?.exprKind.case === 'identExpr' ? `${target.exprKind.value.name}.${name}` : undefined;
}

function member(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  if (schema === undefined || schema.type !== 'object') return undefined;
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties;
  const found = Object.entries(schema.properties ?? {}).find(([property]) => escapedName(property) === name);
  if (found !== undefined) return found[1];
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.properties === undefined;
  if (isOpen) return undefined;
  throw new UnknownName(`undefined field '${name}'`);
}
