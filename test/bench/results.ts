import budgetsFile from './budgets.json' with { type: 'json' };

/** A figure, and what others reached in the same run. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly references: Readonly<Record<string, number>>;
}

/** A limit for a figure, or for its ratio to the reference `of`. */
interface Budget {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly of?: string;
}

const budgets: Readonly<Record<string, Budget>> = budgetsFile;

/** `skipped`: there is no figure to compare with in this run. */
type Verdict = 'ok' | 'over' | 'skipped' | '';

/** What a budget makes of a result. */
export function verdictOf({ name, value, references }: Result): Verdict {
  const budget = budgets[name];
  if (budget === undefined) return '';
  const reference = budget.of === undefined ? 1 : references[budget.of];
  if (reference === undefined) return 'skipped';
  const ratio = value / reference;
  return ratio <= (budget.atMost ?? Infinity) && ratio >= (budget.atLeast ?? -Infinity) ? 'ok' : 'over';
}

/** The results as a table in Markdown. */
export function renderTable(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const ratios = Object.entries(result.references).map(
      ([name, value]) => `${figure(result.value / value)} × ${name} (${figure(value)} ${result.unit})`,
    );
    return [
      result.name,
      `${figure(result.value)} ${result.unit}`,
      ratios.join(', '),
      budgetText(result),
      verdictOf(result),
    ];
  });
  const table = [['figure', 'Sallyport', 'against', 'budget', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function budgetText({ name, unit }: Result): string {
  const budget = budgets[name];
  if (budget === undefined) return '';
  const limit = budget.atMost ?? budget.atLeast ?? 0;
  return `${budget.atMost === undefined ? '≥' : '≤'} ${limit}${budget.of === undefined ? ` ${unit}` : ` × ${budget.of}`}`;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
