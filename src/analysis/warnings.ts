import { namespacedName } from '../api/object.ts';
import { finding } from './finding.ts';
import type { BackendView, Finding, ResolvedBackend, RouteView } from './topology.ts';

/** The ids of the backends that a route names, mirrors included, without doubles. */
export function backendIdsOf({ rules }: RouteView): ReadonlySet<string> {
  const backends = rules.flatMap(({ backends: refs, mirrors }) => [
    ...refs.flatMap((ref) => [ref.backend, ...ref.mirrors]),
    ...mirrors,
  ]);
  return new Set(backends.flatMap(idOf));
}

function idOf(backend: ResolvedBackend | undefined): readonly string[] {
  return backend?.type === 'Service' ? [backend.id] : [];
}

/** What keeps traffic of a backend away although references to it resolve: a sentence. */
export function backendWarning(backend: BackendView): string | undefined {
  const name = `Service "${namespacedName(backend.service)}"`;
  if (backend.endpoints.length > 0) return backend.problem;
  const none = `${name} has no ready endpoint for port ${backend.port}: requests get 503.`;
  return [none, backend.problem ?? remedy(backend)].join(' ');
}

function remedy({ from }: BackendView): string {
  if (from === 'EndpointSlice') return 'Its EndpointSlices hold no ready address for that port.';
  if (from === 'Pods') return 'None of the Pods that it selects is ready.';
  return 'It has no EndpointSlice, and no Pod that it selects has an address.';
}

/**
 * What is to be told of a route although it is valid. It is apart from the view, because it changes with endpoints, and
 * routes do not. The specification has no condition for it: it is the message of `ResolvedRefs=True`.
 */
export function warningsOf(route: RouteView, backendOf: (id: string) => BackendView | undefined): readonly Finding[] {
  const warnings = [...backendIdsOf(route)].flatMap((id) => {
    const backend = backendOf(id);
    return backend === undefined ? [] : (backendWarning(backend) ?? []);
  });
  return route.parents.flatMap(({ index }) =>
    warnings.map((message) =>
      finding(
        { about: route.ref, scope: { type: 'Parent', index }, at: 'spec.rules' },
        'ResolvedRefs=True/ResolvedRefs',
        message,
      ),
    ),
  );
}
