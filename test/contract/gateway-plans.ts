import type { ObjectRef } from '../../src/api/object.ts';
import type {
  ActionPlan,
  BackendId,
  BackendPlan,
  CertificateId,
  CertificatePlan,
  GatewayPlan,
  ListenerPlan,
  PlanId,
  PortPlan,
  RulePlan,
} from '../../src/plan/types.ts';
import { KeyMaterial } from '../../src/lib/key-material.ts';
import { rulePlan } from '../support/rule-plan.ts';

/** The reference of a Gateway in namespace `default`. */
export function gatewayRef(name: string): ObjectRef {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name };
}

/** A plan of a Gateway of that name. */
export function gatewayPlan(name: string, parts: Partial<GatewayPlan> & Pick<GatewayPlan, 'ports'>): GatewayPlan {
  const id = `${name}-${++plans}` as PlanId;
  return { id, gateway: gatewayRef(name), addresses: [], backends: [], certificates: [], ...parts };
}
let plans = 0;

/** A port with one listener for every host whose rules are these. */
export function httpPort(port: number, ...rules: RulePlan[]): PortPlan {
  return { port, protocol: 'HTTP', listeners: [listener('http', rules)] };
}

/** As `httpPort`, over TLS. */
export function httpsPort(port: number, certificate: CertificatePlan, ...rules: RulePlan[]): PortPlan {
  return {
    port,
    protocol: 'HTTPS',
    listeners: [{ ...listener('https', rules), tls: { certificates: [certificate.id] } }],
  };
}

/** A listener for every host. */
export function listener(name: string, rules: readonly RulePlan[]): ListenerPlan {
  return { name, hosts: [{ hostname: '*', rules }] };
}

/** A rule that splits requests to paths under `path` over backends by weight. */
export function forwardRule(path: string, weights: Readonly<Record<string, number>>): RulePlan {
  const action: ActionPlan = {
    type: 'Forward',
    backends: Object.entries(weights).map(([id, weight]) => ({ weight, backend: id as BackendId, filters: [] })),
  };
  const match = { path: { type: 'PathPrefix', value: path } } as const;
  return rulePlan(`${path} to ${JSON.stringify(weights)}`, { match, action });
}

/** A backend with endpoints on these ports of 127.0.0.1. */
export function backendPlan(id: string, ...ports: number[]): BackendPlan {
  return {
    id: id as BackendId,
    service: { group: '', kind: 'Service', namespace: 'default', name: id },
    port: 80,
    protocol: 'HTTP/1.1',
    endpoints: ports.map((port) => ({ address: '127.0.0.1', port })),
  };
}

/** A certificate from PEM texts. */
export function certificatePlan(
  id: string,
  { certificate, key }: { certificate: string; key: string },
): CertificatePlan {
  return {
    id: id as CertificateId,
    secret: { group: '', kind: 'Secret', namespace: 'default', name: id },
    names: ['localhost'],
    notAfter: '2099-01-01T00:00:00Z',
    fingerprint: id,
    material: new KeyMaterial(certificate, key),
  };
}
