import { stringify } from 'yaml';
import { namespacedName } from '../api/object.ts';
import { assertNever } from '../lib/assert-never.ts';
import type {
  ActionPlan,
  BackendPlan,
  CertificateId,
  CertificatePlan,
  FilterPlan,
  GatewayPlan,
  ListenerPlan,
  MatchPlan,
  PathModifierPlan,
  RedirectPlan,
  RulePlan,
  RuleSource,
  ValueMatchPlan,
  WeightedBackend,
} from './types.ts';

/**
 * A plan as YAML for people and golden files: everything that decides what happens to a request, in a fixed order.
 * Hashes are left out (they change with every field), and of a certificate only its Secret and names are shown.
 */
export function renderPlan(plan: GatewayPlan): string {
  const secrets = new Map(plan.certificates.map((certificate) => [certificate.id, namespacedName(certificate.secret)]));
  const view = {
    gateway: namespacedName(plan.gateway),
    ...unlessEmpty(
      'addresses',
      plan.addresses.map(({ type, value }) => `${type} ${value}`),
    ),
    ports: plan.ports.map(({ port, protocol, listeners }) => ({
      port,
      protocol,
      listeners: listeners.map((listener) => renderListener(listener, secrets)),
    })),
    ...unlessEmpty('backends', plan.backends.map(renderBackend)),
    ...unlessEmpty('certificates', plan.certificates.map(renderCertificate)),
  };
  return stringify(view, { lineWidth: 0, aliasDuplicateObjects: false });
}

function renderListener(
  { name, hostname, tls, hosts }: ListenerPlan,
  secrets: ReadonlyMap<CertificateId, string>,
): Record<string, unknown> {
  return {
    name,
    ...present('hostname', hostname),
    ...present(
      'certificates',
      tls?.certificates.map((id) => secrets.get(id) ?? 'missing'),
    ),
    hosts: hosts.map((host) => ({ hostname: host.hostname, rules: host.rules.map(renderRule) })),
  };
}

function renderRule({ source, match, filters, action, timeouts, retry }: RulePlan): Record<string, unknown> {
  return {
    source: renderSource(source),
    match: renderMatch(match),
    ...unlessEmpty('filters', filters.map(renderFilter)),
    ...renderAction(action),
    ...(Object.keys(timeouts).length === 0 ? {} : { timeouts }),
    ...present('retry', retry),
  };
}

function renderSource({ route, rule, match, ruleName }: RuleSource): string {
  const name = ruleName === undefined ? '' : ` (${ruleName})`;
  return `${route.kind} ${namespacedName(route)} rules[${rule}].matches[${match}]${name}`;
}

function renderMatch({ path, method, headers, queryParams }: MatchPlan): string {
  const parts = [
    `${path.type} ${path.value}`,
    ...(method === undefined ? [] : [`method ${method}`]),
    ...headers.map((header) => `header ${renderValueMatch(header)}`),
    ...queryParams.map((param) => `query ${renderValueMatch(param)}`),
  ];
  return parts.join(', ');
}

function renderValueMatch({ type, name, value }: ValueMatchPlan): string {
  return `${name} ${type === 'Exact' ? '=' : '~'} ${value}`;
}

function renderFilter(filter: FilterPlan): Record<string, unknown> {
  switch (filter.type) {
    case 'RequestHeaderModifier':
    case 'ResponseHeaderModifier': {
      const { set, add, remove } = filter.modifier;
      return {
        [filter.type]: {
          ...unlessEmpty(
            'set',
            set.map(({ name, value }) => `${name}: ${value}`),
          ),
          ...unlessEmpty(
            'add',
            add.map(({ name, value }) => `${name}: ${value}`),
          ),
          ...unlessEmpty('remove', remove),
        },
      };
    }
    case 'URLRewrite':
      return { URLRewrite: { ...present('hostname', filter.hostname), ...present('path', renderPath(filter.path)) } };
    case 'RequestMirror':
      return { RequestMirror: `${filter.backend}, ${filter.numerator}/${filter.denominator}` };
    case 'CORS': {
      const { type, ...settings } = filter;
      return { [type]: settings };
    }
    default:
      return assertNever(filter);
  }
}

function renderPath(path: PathModifierPlan | undefined): string | undefined {
  if (path === undefined) return undefined;
  return path.type === 'ReplaceFullPath'
    ? `${path.type} ${path.value}`
    : `${path.type} ${path.prefix} -> ${path.value}`;
}

function renderAction(action: ActionPlan): Record<string, unknown> {
  switch (action.type) {
    case 'Forward':
      return { forward: action.backends.map(renderShare) };
    case 'Redirect':
      return { redirect: renderRedirect(action) };
    case 'Respond':
      return { respond: action.statusCode, because: action.because };
    default:
      return assertNever(action);
  }
}

function renderShare(share: WeightedBackend): Record<string, unknown> {
  return 'backend' in share
    ? { backend: share.backend, weight: share.weight, ...unlessEmpty('filters', share.filters.map(renderFilter)) }
    : { respond: share.respond, weight: share.weight, because: share.because };
}

function renderRedirect({ statusCode, scheme, hostname, port, portFrom, path }: RedirectPlan): Record<string, unknown> {
  return {
    statusCode,
    ...present('scheme', scheme),
    ...present('hostname', hostname),
    ...present('port', portFrom === 'Listener' ? 'of the listener' : port),
    ...present('path', renderPath(path)),
  };
}

function renderBackend({ id, protocol, endpoints }: BackendPlan): Record<string, unknown> {
  return { id, protocol, endpoints: endpoints.map(({ address, port }) => hostAndPort(address, port)) };
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function renderCertificate({ secret, names }: CertificatePlan): Record<string, unknown> {
  return { secret: namespacedName(secret), names, material: '[redacted]' };
}

function present(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}

function unlessEmpty(key: string, values: readonly unknown[]): Record<string, readonly unknown[]> {
  return values.length === 0 ? {} : { [key]: values };
}
