import type { Service } from '../api/core/service.ts';
import type { ObjectRef } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { BackendObjectReference } from '../api/parts/backend-ref.ts';
import { backendId } from './backend-id.ts';
import { protocolProblem } from './backend-protocol.ts';
import type { Verdict } from './conditions.ts';
import type { Lookup } from './derivations.ts';
import { describeKind, enumerate, finding } from './finding.ts';
import { SERVICE, sameKind, typed } from './kinds.ts';
import type { AnalysisOptions } from './options.ts';
import { isPermitted, notPermittedMessage } from './reference-grants.ts';
import type { Finding, ResolvedBackend } from './topology.ts';
import { backendTlsPoliciesFor } from './topics.ts';

/** Who refers to backends, and how they are looked up. */
export interface BackendContext {
  readonly route: ObjectRef;
  readonly options: AnalysisOptions;
  readonly lookup: Lookup;
}

interface Problem {
  readonly verdict: Verdict;
  readonly message: string;
}

/** Looks up what a backendRef names. `at` is its path in the route. */
export function resolveBackend(ref: BackendObjectReference, at: string, context: BackendContext): ResolvedBackend {
  const { group = SERVICE.group, kind = SERVICE.kind, namespace = context.route.namespace, name, port } = ref;
  const target: ObjectRef = { group, kind, namespace, name };
  const problem = referenceProblem(target, port, context);
  if (problem !== undefined || port === undefined)
    return { type: 'Invalid', finding: backendFinding(at, context, problem) };
  return { type: 'Service', id: backendId(target, port), ref: target, port };
}

/** The finding's scope is set by whoever tells it to each parent. */
function backendFinding(at: string, { route }: BackendContext, problem: Problem | undefined): Finding {
  const { verdict, message } = problem ?? {
    verdict: 'ResolvedRefs=False/BackendNotFound' as const,
    message: 'A backendRef to a Service needs a port.',
  };
  return finding({ about: route, scope: { type: 'Object' }, at }, verdict, message);
}

function referenceProblem(target: ObjectRef, port: number | undefined, context: BackendContext): Problem | undefined {
  if (!sameKind(target, SERVICE))
    return {
      verdict: 'ResolvedRefs=False/InvalidKind',
      message: `A backend of kind "${describeKind(target)}" is not supported; use a Service.`,
    };
  if (!isPermitted(context.route, target, context.lookup))
    return { verdict: 'ResolvedRefs=False/RefNotPermitted', message: notPermittedMessage(context.route, target) };
  const service = context.lookup.object(target);
  if (service === undefined)
    return {
      verdict: 'ResolvedRefs=False/BackendNotFound',
      message: `Service "${namespacedName(target)}" does not exist; create it, or correct the backendRef.`,
    };
  return port === undefined ? undefined : serviceProblem(typed<Service>(service), target, port, context);
}

function serviceProblem(
  { spec = {} }: Service,
  target: ObjectRef,
  port: number,
  { options, lookup }: BackendContext,
): Problem | undefined {
  const name = `Service "${namespacedName(target)}"`;
  if (spec.type === 'ExternalName' && options.allowExternalName !== true)
    return {
      verdict: 'ResolvedRefs=False/InvalidKind',
      message: `${name} is of type ExternalName, which can be a backend only with --allow-external-name.`,
    };
  const ports = (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  const found = ports.find((candidate) => candidate.port === port);
  if (found === undefined) {
    const existing =
      ports.length === 0
        ? 'no TCP port'
        : enumerate(
            ports.map((each) => String(each.port)),
            '',
          );
    return {
      verdict: 'ResolvedRefs=False/BackendNotFound',
      message: `${name} has no port ${port}; it has ${existing}.`,
    };
  }
  const spoken = protocolProblem(found.appProtocol, options.features);
  if (spoken !== undefined)
    return { verdict: 'ResolvedRefs=False/UnsupportedProtocol', message: `Port ${port} of ${name} ${spoken}.` };
  return tlsProblem(target, lookup);
}

/** BackendTLSPolicy: a connection that is to be encrypted is never made in the clear instead. */
function tlsProblem(target: ObjectRef, lookup: Lookup): Problem | undefined {
  const [policy] = lookup.under(backendTlsPoliciesFor(target.namespace, target.name));
  if (policy === undefined) return undefined;
  return {
    verdict: 'ResolvedRefs=False/UnsupportedProtocol',
    message:
      `BackendTLSPolicy "${namespacedName(policy.metadata)}" demands TLS to Service "${namespacedName(target)}", which ` +
      'this version does not speak to backends; requests get 500 instead of being sent in the clear.',
  };
}
