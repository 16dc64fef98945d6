import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/api/object.ts';
import type { GatewayAddress } from '../../src/plan/types.ts';

/** What the first document of a case may set, if it is of kind `CaseOptions`. */
export interface CaseOptions {
  /** Files with further objects, relative to `testdata`. */
  readonly include?: readonly string[];
  /**
   * The API server would refuse the input; it is looked at all the same, as objects of older versions are. Default
   * false.
   */
  readonly invalid?: boolean;
  /** Default: every GatewayClass is adopted. */
  readonly controllerNames?: readonly string[];
  /** Default true. */
  readonly embedded?: boolean;
  /** Default: each Gateway has an address of its own. */
  readonly sharedAddress?: string;
  /** Default false. */
  readonly allowExternalName?: boolean;
  /** Default: Gateway, HTTPRoute, ReferenceGrant and WebSocket backends. */
  readonly features?: readonly string[];
  /** What the engine says of every plan. Default: applied, every port open. */
  readonly engine?: {
    readonly state?: 'Silent' | 'Rejected';
    readonly message?: string;
    /** What the engine assigns. Default: what is asked for, else 127.0.0.10. */
    readonly addresses?: readonly GatewayAddress[];
    /** Ports that cannot be opened. */
    readonly failedPorts?: readonly {
      readonly port: number;
      readonly cause: 'AddressNotUsable' | 'PortUnavailable';
      readonly message: string;
    }[];
  };
}

/** A golden case, read. */
export interface GoldenCase {
  /** Lines of the comment at the top: why the case exists. */
  readonly why: string;
  readonly options: CaseOptions;
  readonly objects: readonly KubeObject[];
}

/** Reads a case with all that it includes. */
export function readCase(path: string, testdata: string): GoldenCase {
  const text = readFileSync(path, 'utf8');
  const documents = parse(text);
  const options = documents.find(isOptions)?.options ?? {};
  const included = (options.include ?? []).flatMap((name) => parse(readFileSync(join(testdata, name), 'utf8')));
  const why = /^(?:#.*\n)+/.exec(text)?.[0] ?? '';
  return { why, options, objects: [...included, ...documents].filter((document) => !isOptions(document)) };
}

/** The folder of a case and its name without `.in.yaml`. */
export function goldenPath(path: string, output: 'status' | 'plan'): string {
  return join(dirname(path), path.slice(dirname(path).length + 1).replace(/\.in\.yaml$/, `.${output}.yaml`));
}

type CaseDocument = KubeObject & { readonly options?: CaseOptions };

function isOptions(document: CaseDocument): boolean {
  return document.kind === 'CaseOptions';
}

function parse(text: string): readonly CaseDocument[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const value: unknown = document.toJS();
    return value === null ? [] : [value as CaseDocument];
  });
}
