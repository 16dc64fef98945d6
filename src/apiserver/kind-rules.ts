import type { KubeObject } from '../api/object.ts';
import type { FieldError } from './schema/field-error.ts';

/** What a kind does on a write beyond what its schema says. Every part is optional and pure. */
export interface KindRules {
  /** Fills in what the server decides. `existing` is absent on create. */
  prepare?(object: KubeObject, existing: KubeObject | undefined): KubeObject;
  /** What is wrong with the object that no schema can tell. */
  validate?(object: KubeObject, existing: KubeObject | undefined): readonly FieldError[];
  /** What `kubectl` is to print as `Warning:`. */
  warnings?(object: KubeObject, existing: KubeObject | undefined): readonly string[];
}
