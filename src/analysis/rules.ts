import type { HTTPBackendRef, HTTPRouteRule } from '../api/http-route.ts';
import type { HTTPRouteFilter } from '../api/parts/http-route-filter.ts';
import type { BackendContext } from './backend-refs.ts';
import { resolveBackend } from './backend-refs.ts';
import type { Fault } from './finding.ts';
import { matchFault } from './rule-matches.ts';
import { filtersFault } from './rule-filters.ts';
import type { Finding, ResolvedBackend, ResolvedBackendRef, RuleView } from './topology.ts';

/** A rule and what must be told of it. */
export interface AnalyzedRule {
  readonly view: RuleView;
  /** Why it cannot be served as written: it is `broken`. */
  readonly faults: readonly Fault[];
  /** Why the share of some backendRefs cannot be. */
  readonly shareFaults: readonly Fault[];
  /** References that do not resolve. */
  readonly unresolved: readonly Finding[];
  /** What is not carried out, though the rule is served. */
  readonly notes: readonly Fault[];
}

/** Looks up all that one rule refers to. */
export function analyzeRule(source: HTTPRouteRule, index: number, context: BackendContext): AnalyzedRule {
  const at = `spec.rules[${index}]`;
  const refs = (source.backendRefs ?? []).map((ref, position) =>
    analyzeBackendRef(ref, `${at}.backendRefs[${position}]`, source, context),
  );
  const mirrors = mirrorsOf(source.filters ?? [], at, context);
  const matches = (source.matches ?? []).map((match, position) => matchFault(match, `${at}.matches[${position}]`));
  const unusableMatches = matches.flatMap((fault, position) => (fault === undefined ? [] : [position]));
  const own = [filtersFault(source.filters ?? [], { at, rule: source, on: 'Rule' }), ...matches].filter(isFault);
  const [first] = own;
  const backends = refs.map(({ view }) => view);
  return {
    view: {
      source,
      index,
      backends,
      mirrors,
      unusableMatches,
      ...(first === undefined ? {} : { broken: first.message }),
    },
    faults: own,
    shareFaults: refs.map(({ fault }) => fault).filter(isFault),
    unresolved: findingsOf([...backends.flatMap((ref) => [ref.backend, ...ref.mirrors]), ...mirrors]),
    notes: sessionNotes(source, at),
  };
}

function analyzeBackendRef(
  ref: HTTPBackendRef,
  at: string,
  rule: HTTPRouteRule,
  context: BackendContext,
): { readonly view: ResolvedBackendRef; readonly fault: Fault | undefined } {
  const filters = ref.filters ?? [];
  const fault = filtersFault(filters, { at, rule, on: 'BackendRef' });
  return {
    view: {
      weight: ref.weight ?? 1,
      backend: resolveBackend(ref, at, context),
      mirrors: mirrorsOf(filters, at, context),
      ...(fault === undefined ? {} : { broken: fault.message }),
    },
    fault,
  };
}

function mirrorsOf(
  filters: readonly HTTPRouteFilter[],
  at: string,
  context: BackendContext,
): readonly (ResolvedBackend | undefined)[] {
  return filters.map(({ requestMirror }, index) =>
    requestMirror === undefined
      ? undefined
      : resolveBackend(requestMirror.backendRef, `${at}.filters[${index}].requestMirror.backendRef`, context),
  );
}

function isFault(fault: Fault | undefined): fault is Fault {
  return fault !== undefined;
}

function findingsOf(backends: readonly (ResolvedBackend | undefined)[]): readonly Finding[] {
  return backends.flatMap((backend) => (backend?.type === 'Invalid' ? [backend.finding] : []));
}

function sessionNotes({ sessionPersistence }: HTTPRouteRule, at: string): readonly Fault[] {
  if (sessionPersistence === undefined) return [];
  return [
    {
      at: `${at}.sessionPersistence`,
      verdict: 'Accepted=True/Accepted',
      message: `Session persistence (${at}) is not carried out by this version: requests go to any endpoint.`,
    },
  ];
}
