import type { GatewayClassView } from '../analysis/topology.ts';
import type { GatewayClassStatus } from '../api/gateway-class.ts';
import { conditionFromFindings } from './condition-from-findings.ts';
import { isOutdated, mergeConditions } from './merge-conditions.ts';
import type { StatusContext } from './status-context.ts';

/** The status of a GatewayClass of ours; undefined if a newer one stands there. `features` are those of the engine. */
export function statusOfGatewayClass(
  { source, findings }: GatewayClassView,
  features: ReadonlySet<string>,
  { previous, now }: StatusContext<GatewayClassStatus>,
): GatewayClassStatus | undefined {
  const { generation } = source.metadata;
  if (isOutdated(previous?.conditions, generation)) return undefined;
  const accepted = conditionFromFindings(findings, 'Accepted=True/Accepted', {
    message: `Gateways of this class are run by Sallyport as "${source.spec.controllerName}".`,
    generation,
  });
  return {
    ...previous,
    conditions: mergeConditions(previous?.conditions, [accepted], now),
    supportedFeatures: [...features].sort().map((name) => ({ name })),
  };
}
