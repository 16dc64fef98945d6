import type { ObjectRef } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';
import type { AllowedRoutes } from '../api/parts/listener.ts';
import type { AnalysisOptions } from './options.ts';
import { DEFAULT_CONTROLLER_NAME } from './options.ts';
import type { GatewayView, ListenerView } from './topology.ts';

/**
 * What routes need to know of a Gateway. It is a value of its own, so that what does not concern routes, such as a new
 * certificate, does not have each of them looked at again.
 */
export interface AttachableGateway {
  readonly ref: ObjectRef;
  readonly controllerName: string;
  readonly listeners: readonly AttachableListener[];
  /** Why nothing can attach: the class does not exist. */
  readonly problem?: string;
}

/** What routes need to know of a listener. */
export interface AttachableListener extends Pick<ListenerView, 'name' | 'hostname' | 'supportedKinds'> {
  readonly port: number;
  readonly protocol: string;
  readonly allowedRoutes: AllowedRoutes;
}

/** Reduces a Gateway to what concerns routes. */
export function attachable(gateway: GatewayView): AttachableGateway {
  const problem = gateway.controllerName === undefined ? gateway.findings[0]?.message : undefined;
  return {
    ref: gateway.ref,
    controllerName: gateway.controllerName ?? DEFAULT_CONTROLLER_NAME,
    listeners: gateway.listeners.map(({ source, name, hostname, supportedKinds }) => ({
      name,
      ...(hostname === undefined ? {} : { hostname }),
      supportedKinds,
      port: source.port,
      protocol: source.protocol,
      allowedRoutes: source.allowedRoutes ?? {},
    })),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What stands in for a parent that does not exist, where every class is adopted: so that the route is told. */
export function missingParent(ref: ObjectRef, { controllerNames }: AnalysisOptions): AttachableGateway | undefined {
  if (controllerNames !== undefined) return undefined;
  const problem =
    `${ref.kind} "${namespacedName(ref)}" does not exist; create it, or correct the name and namespace of the ` +
    'parentRef.';
  return { ref, controllerName: DEFAULT_CONTROLLER_NAME, listeners: [], problem };
}
