import type { LabelSelector } from '../api/parts/label-selector.ts';

type Labels = Readonly<Record<string, string>>;

const OPERATORS: Readonly<Record<string, (value: string | undefined, values: readonly string[]) => boolean>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** Whether the selector selects an object with these labels. One that is not valid selects nothing. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => OPERATORS[operator]?.(labels[key], values) ?? false)
  );
}

/** What is wrong with the selector, if anything: a sentence. */
export function selectorProblem({ matchExpressions = [] }: LabelSelector): string | undefined {
  for (const { key, operator, values = [] } of matchExpressions) {
    if (!Object.hasOwn(OPERATORS, operator))
      return `"${operator}" is no operator of a label selector; use In, NotIn, Exists or DoesNotExist.`;
    if ((operator === 'In' || operator === 'NotIn') !== values.length > 0)
      return `The expression for label "${key}" ${values.length > 0 ? 'must have no' : 'needs'} values with operator ${operator}.`;
  }
  return undefined;
}
