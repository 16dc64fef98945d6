import type { KubeObject } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import type { StatusCause, StatusDetails } from '../store/api-error.ts';
import { withoutNulls } from './without-nulls.ts';

type Json = Readonly<Record<string, unknown>>;

/** One page of a list. */
export interface ListPage {
  readonly objects: readonly KubeObject[];
  /** Where a watch goes on from here. */
  readonly resourceVersion: string;
  /** What to ask the next page with; `''` on the last one. */
  readonly continueToken: string;
}

/** An event of a watch. */
export type WatchEvent =
  | { readonly type: 'Put' | 'Remove'; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: 'Bookmark'; readonly resourceVersion: string }
  | { readonly type: 'Error'; readonly error: ApiError };

/** What every object of a list is: Kubernetes leaves it out in the lists of its own kinds. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** The answer to a list. */
export function parseListPage(answer: unknown, type: TypeMeta): ListPage {
  const { items, metadata } = record(answer);
  const { resourceVersion, continue: continueToken } = record(metadata);
  return {
    objects: (Array.isArray(items) ? items : []).map((item) => parseObject({ ...type, ...record(item) })),
    resourceVersion: text(resourceVersion),
    continueToken: text(continueToken),
  };
}

/** A line of a watch. An event of a type that nobody knows yet is taken for a bookmark. */
export function parseWatchEvent(line: string): WatchEvent {
  const { type, object } = record(JSON.parse(line));
  if (type === 'ERROR') return { type: 'Error', error: parseFailure(object, 500) };
  const resourceVersion = text(record(record(object)['metadata'])['resourceVersion']);
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'Put', object: parseObject(object), resourceVersion };
  if (type === 'DELETED') return { type: 'Remove', object: parseObject(object), resourceVersion };
  return { type: 'Bookmark', resourceVersion };
}

/** An object that an API server has validated. */
export function parseObject(value: unknown): KubeObject {
  return withoutNulls(value) as KubeObject;
}

/** The names of the resources in an `APIResourceList`, subresources included. */
export function parseResourceNames(answer: unknown): readonly string[] {
  const { resources } = record(answer);
  return (Array.isArray(resources) ? resources : []).map((resource) => text(record(resource)['name']));
}

/** The `Status` of a failure; whoever stands in front of an API server answers with something else. */
export function parseFailure(status: unknown, httpStatus: number): ApiError {
  const { code, reason, message, details } = record(status);
  return new ApiError(
    typeof code === 'number' ? code : httpStatus,
    typeof reason === 'string' ? reason : 'Unknown',
    typeof message === 'string' && message !== '' ? message : `The answer is ${httpStatus}.`,
    details === undefined ? undefined : parseDetails(record(details)),
  );
}

function parseDetails({ causes, retryAfterSeconds }: Json): StatusDetails {
  return {
    ...(Array.isArray(causes) ? { causes: causes.map(record).map(parseCause) } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  };
}

function parseCause({ reason, message }: Json): StatusCause {
  return { reason: text(reason), message: text(message) };
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
