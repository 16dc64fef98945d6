import type { Infer, Schema } from '../schema.ts';
import { array, object, required } from '../schema.ts';
import { backendRefs } from './backend-ref.ts';
import { ruleName, uniqueRuleNames } from './route.ts';

const layer4Rule = object(
  { name: ruleName, backendRefs: required(backendRefs) },
  { description: 'Where the traffic goes.' },
);
/** A rule of a TCPRoute, UDPRoute or TLSRoute: nothing is matched, all traffic of the listener goes to the backends. */
export type Layer4Rule = Infer<typeof layer4Rule>;

/** `spec.rules` with the one rule that routes of connections and datagrams have. */
export const oneLayer4Rule: Schema<readonly Layer4Rule[]> = array(layer4Rule, {
  description: 'The one rule, which says where the traffic goes.',
  minItems: 1,
  maxItems: 1,
  'x-kubernetes-list-type': 'atomic',
});

/** `spec.rules` as older versions had it: more than one rule could be written, though nothing tells them apart. */
export const severalLayer4Rules: Schema<readonly Layer4Rule[]> = array(layer4Rule, {
  description: 'Where the traffic goes. The first rule counts; today there is only one.',
  minItems: 1,
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [uniqueRuleNames],
});
