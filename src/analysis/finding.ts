import type { GroupKind, ObjectRef } from '../api/object.ts';
import { GATEWAY_API_GROUP } from '../api/parts/names.ts';
import type { Verdict } from './conditions.ts';
import { verdictParts } from './conditions.ts';
import type { Finding, StatusScope } from './topology.ts';

/** What a finding is about, and the field at fault. */
export interface Place {
  readonly about: ObjectRef;
  readonly scope: StatusScope;
  readonly at: string;
}

/** A finding. `message` is a sentence that names cause and remedy. */
export function finding({ about, scope, at }: Place, verdict: Verdict, message: string): Finding {
  return { about, scope, at, ...verdictParts(verdict), message };
}

/** A mistake before it is known of which object and scope it will be told. */
export interface Fault {
  readonly at: string;
  readonly verdict: Verdict;
  readonly message: string;
}

/** How messages name a kind: those of the Gateway API without their group. */
export function describeKind({ group, kind }: GroupKind): string {
  return group === '' || group === GATEWAY_API_GROUP ? kind : `${kind}.${group}`;
}

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`. */
export function enumerate(names: readonly string[], quote = '"'): string {
  const quoted = names.map((name) => `${quote}${name}${quote}`);
  const last = quoted.pop() ?? 'none';
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}
