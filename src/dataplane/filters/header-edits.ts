import type { HeaderModifierPlan, HeaderValue } from '../../plan/types.ts';
import type { HeaderFields } from '../exchange.ts';
import { fieldValue, writableFieldName } from '../../lib/header-field.ts';

/** A header modifier made ready. */
export interface HeaderEdits {
  readonly set: readonly HeaderValue[];
  readonly add: readonly HeaderValue[];
  readonly remove: readonly string[];
}

/** @throws If a name or value cannot stand in a head. */
export function compileHeaderEdits({ set, add, remove }: HeaderModifierPlan): HeaderEdits {
  const added = add.map(compileValue);
  return {
    // A request has one Host: one that is added takes the place of the client's.
    set: [...set.map(compileValue), ...added.filter(isHost)],
    add: added.filter((header) => !isHost(header)),
    remove: remove.map((name) => writableFieldName(name).toLowerCase()),
  };
}

/** Set, then add, then remove, as the plan says. Each added value is a line of its own. */
export function applyHeaderEdits(headers: HeaderFields, { set, add, remove }: HeaderEdits): void {
  for (const { name, value } of set) headers.set(name, value);
  for (const { name, value } of add) headers.add(name, value);
  for (const name of remove) headers.remove(name);
}

function compileValue({ name, value }: HeaderValue): HeaderValue {
  return { name: writableFieldName(name), value: fieldValue(value) };
}

function isHost({ name }: HeaderValue): boolean {
  return name.toLowerCase() === 'host';
}
