import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { gatewayApiKinds } from './kinds.ts';

const ajv = new Ajv({ strict: false, validateFormats: false });

function version(kind: string, name: string) {
  const found = gatewayApiKinds.find((each) => each.kind === kind)?.versions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}

const parentRefs = [{ name: 'main' }];
const rules = [{ backendRefs: [{ name: 'db', port: 5432 }] }];
const target = { group: '', kind: 'Service', name: 'cart' };

describe('what people wrote for earlier releases is still taken', () => {
  test.each([
    { name: 'a TLSRoute without host names', kind: 'TLSRoute', in: 'v1alpha2', spec: { parentRefs, rules } },
    { name: 'a TCPRoute with several rules', kind: 'TCPRoute', in: 'v1alpha2', spec: { rules: [...rules, ...rules] } },
    { name: 'a UDPRoute with several rules', kind: 'UDPRoute', in: 'v1alpha2', spec: { rules: [...rules, ...rules] } },
    { name: 'a BackendLBPolicy with one target', kind: 'BackendLBPolicy', in: 'v1alpha2', spec: { targetRef: target } },
    { name: 'a BackendLBPolicy with targets', kind: 'BackendLBPolicy', in: 'v1alpha2', spec: { targetRefs: [target] } },
    {
      name: 'an XListenerSet that leaves the port open',
      kind: 'XListenerSet',
      in: 'v1alpha1',
      spec: { parentRef: { name: 'main' }, listeners: [{ name: 'web', protocol: 'HTTP' }] },
    },
  ])('$name', ({ kind, in: name, spec }) => {
    const validate = ajv.compile(version(kind, name).schema);
    validate({ kind, metadata: { name: 'old' }, spec });
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each([
    { kind: 'GRPCRoute', name: 'v1alpha2', instead: 'v1' },
    { kind: 'ReferenceGrant', name: 'v1alpha2', instead: 'v1beta1' },
    { kind: 'TLSRoute', name: 'v1alpha3', instead: 'v1' },
  ])('$kind $name with a warning', ({ kind, name, instead }) => {
    expect(version(kind, name).deprecationWarning).toBe(
      `The ${name} version of ${kind} has been deprecated and will be removed in a future release of the API. ` +
        `Please upgrade to ${instead}.`,
    );
  });
});
