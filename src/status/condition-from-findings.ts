import type { Verdict } from '../analysis/conditions.ts';
import { verdictParts } from '../analysis/conditions.ts';
import type { Finding } from '../analysis/topology.ts';
import type { WantedCondition } from './merge-conditions.ts';

/** How many sentences go into one message; an object may have hundreds of faults. */
const MAX_SENTENCES = 8;

/** "MaxLength 32768" of every condition's message. */
const MAX_MESSAGE = 32_768;

/** A condition without findings. */
export function plainCondition(verdict: Verdict, message: string, generation: number | undefined): WantedCondition {
  const { condition, status, reason } = verdictParts(verdict);
  return { type: condition, status, reason, message: fitting(message), ...observed(generation) };
}

/**
 * What the findings make of a condition that is `expected` without them. Findings of another status decide, and the
 * first of them gives the reason; those of the expected status only add to the message.
 */
export function conditionFromFindings(
  findings: readonly Finding[],
  expected: Verdict,
  { message, generation }: { readonly message: string; readonly generation: number | undefined },
): WantedCondition {
  const usual = verdictParts(expected);
  const own = findings.filter(({ condition }) => condition === usual.condition);
  const deviating = own.filter(({ status }) => status !== usual.status);
  const [first, ...others] = deviating.length > 0 ? deviating : own;
  if (first === undefined) return plainCondition(expected, message, generation);
  const { condition: type, status, reason } = first;
  return { type, status, reason, message: fitting(sentences([first, ...others])), ...observed(generation) };
}

function sentences(findings: readonly Finding[]): string {
  const messages = [...new Set(findings.map((finding) => finding.message))];
  const left = messages.length - MAX_SENTENCES;
  return [...messages.slice(0, MAX_SENTENCES), ...(left > 0 ? [`And ${left} more.`] : [])].join(' ');
}

/** A message quotes what users wrote, which may be thousands of characters at a time. */
function fitting(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}

function observed(generation: number | undefined): { readonly observedGeneration?: number } {
  return generation === undefined ? {} : { observedGeneration: generation };
}
