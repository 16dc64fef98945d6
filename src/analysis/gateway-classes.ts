import { refOf } from '../api/object.ts';
import type { GatewayClass } from '../api/gateway-class.ts';
import { finding } from './finding.ts';
import type { GatewayClassView } from './topology.ts';

/** Looks at a GatewayClass of ours. */
export function analyzeGatewayClass(source: GatewayClass): GatewayClassView {
  const { parametersRef } = source.spec;
  if (parametersRef === undefined) return { source, findings: [] };
  const place = { about: refOf(source), scope: { type: 'Object' }, at: 'spec.parametersRef' } as const;
  const message =
    `Parameters of kind "${parametersRef.kind}" are not supported by this version; remove spec.parametersRef ` +
    'from the GatewayClass.';
  return { source, findings: [finding(place, 'Accepted=False/InvalidParameters', message)] };
}
