import { isCollection, isNode, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node } from 'yaml';
import { groupOf } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import { jsonDataProblem } from '../lib/json-data.ts';
import { parseFieldPath } from './parse-field-path.ts';

/** A place in a text, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** An object of a manifest text, and where it stands: which document and, in a List, which item. */
export interface Manifest {
  readonly object: KubeObject;
  readonly document: number;
  readonly item?: number;
}

/** Thrown for a text that is no list of Kubernetes objects; `position` says where it goes wrong. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly position: TextPosition;

  constructor(message: string, position: TextPosition) {
    super(message);
    this.position = position;
  }
}

type ParsedDocument = Document.Parsed;

/** The objects of a YAML or JSON text of any number of documents, Lists unrolled. Throws `ManifestError`. */
export function parseManifests(text: string): readonly Manifest[] {
  const lines = new LineCounter();
  return parseDocuments(text, lines).flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new ManifestError(sentence(error.message), positionAt(lines, error.pos[0]));
    return manifestsOf(document, index, lines);
  });
}

/**
 * Where a field of a manifest stands in the text it was parsed from. A field that is not there is sought in the nearest
 * ancestor that is. Parses anew, so that nothing but the text is kept for files without a fault.
 */
export function locateField(text: string, manifest: Manifest, fieldPath: string): TextPosition {
  const lines = new LineCounter();
  const document = parseDocuments(text, lines)[manifest.document];
  if (document === undefined) return { line: 1, column: 1 };
  const root = manifest.item === undefined ? [] : ['items', manifest.item];
  return positionAt(lines, offsetOf(document, [...root, ...parseFieldPath(fieldPath)], root.length));
}

function parseDocuments(text: string, lineCounter: LineCounter): readonly ParsedDocument[] {
  const documents = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    merge: true,
    // Errors are told by us, and its warnings (of keys that are collections) would be printed past the reporter.
    logLevel: 'error',
  });
  return Array.isArray(documents) ? documents : [];
}

function manifestsOf(document: ParsedDocument, index: number, lines: LineCounter): readonly Manifest[] {
  const value = plainValue(document, lines);
  if (value === null || value === undefined) return [];
  const items = isRecord(value) && isListKind(value['kind']) ? value['items'] : undefined;
  if (!Array.isArray(items)) return [{ object: parseObject(value, positionOf(document, [], lines)), document: index }];
  return items.map((item, at) => ({
    object: parseObject(item, positionOf(document, ['items', at], lines)),
    document: index,
    item: at,
  }));
}

function isListKind(kind: unknown): boolean {
  return typeof kind === 'string' && kind.endsWith('List');
}

/** The document as JSON data. Aliases that would expand without bound are an error, as is an unresolved one. */
function plainValue(document: ParsedDocument, lines: LineCounter): unknown {
  const value = attemptToJs(document, lines);
  const problem = jsonDataProblem(value);
  if (problem !== undefined) throw new ManifestError(problem, positionOf(document, [], lines));
  return value;
}

function attemptToJs(document: ParsedDocument, lines: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ManifestError(sentence(message), positionOf(document, [], lines));
  }
}

function parseObject(value: unknown, position: TextPosition): KubeObject {
  if (!isRecord(value))
    throw new ManifestError('A Kubernetes object was expected here, a mapping with apiVersion and kind.', position);
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] !== 'string' || value[field] === '')
      throw new ManifestError(`The object has no "${field}".`, position);
  }
  const { metadata } = value;
  if (isKustomization(value))
    return { ...value, metadata: isRecord(metadata) ? metadata : { name: '' } } as unknown as KubeObject;
  if (!isRecord(metadata) || typeof metadata['name'] !== 'string' || metadata['name'] === '') {
    throw new ManifestError('The object has no "metadata.name".', position);
  }
  // A line that ends after its colon holds null, which to Kubernetes is the same as no line.
  const { namespace, ...others } = metadata;
  if (namespace === null) return { ...value, metadata: others } as unknown as KubeObject;
  if (namespace !== undefined && typeof namespace !== 'string')
    throw new ManifestError('"metadata.namespace" must be a text; put it in quotes.', position);
  return value as unknown as KubeObject;
}

/** Whether the object is an instruction for kustomize and not an object of any API. */
export function isKustomization({
  apiVersion,
  kind,
}: {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}): boolean {
  return (
    kind === 'Kustomization' && typeof apiVersion === 'string' && groupOf(apiVersion) === 'kustomize.config.k8s.io'
  );
}

function positionOf(document: ParsedDocument, path: readonly (string | number)[], lines: LineCounter): TextPosition {
  return positionAt(lines, offsetOf(document, path, 0));
}

function offsetOf(document: ParsedDocument, path: readonly (string | number)[], least: number): number {
  for (let length = path.length; length >= least; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (node?.range) return node.range[0];
  }
  return document.range[0];
}

function nodeAt(document: ParsedDocument, path: readonly (string | number)[]): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isCollection(node)) return undefined;
    node = node.get(step, true);
  }
  return isNode(node) ? node : undefined;
}

function positionAt(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function sentence(message: string): string {
  // The parser calls itself for every level, and reports the end of the stack as an error like others.
  if (message.startsWith('Maximum call stack')) return 'Values are nested too deeply.';
  const firstLine = message.split('\n', 1)[0] ?? message;
  return /[.!?]$/.test(firstLine) ? firstLine : `${firstLine}.`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
