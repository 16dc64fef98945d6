import { kindKey } from '../api/object.ts';
import type { GroupKind } from '../api/object.ts';
import { ApiError } from '../store/api-error.ts';
import { causesOf, renderFieldErrors } from './schema/field-error.ts';
import type { FieldError } from './schema/field-error.ts';

/** A resource as messages name it: `httproutes.gateway.networking.k8s.io`, `services`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

function qualified({ group, plural }: ResourceName): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function detailsOf({ group, plural }: ResourceName, name: string) {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
}

/** 404: no object of that name. */
export function notFound(resource: ResourceName, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" not found`;
  return new ApiError(404, 'NotFound', message, detailsOf(resource, name));
}

/** 404: the path leads nowhere, as when a kind is not served. */
export function unknownPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {
    causes: [{ reason: 'UnexpectedServerResponse', message: '404 page not found' }],
  });
}

/** 409: an object of that name is there already. */
export function alreadyExists(resource: ResourceName, name: string): ApiError {
  const message = `${qualified(resource)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', message, detailsOf(resource, name));
}

/** 409: the write does not fit what is stored. */
export function conflict(resource: ResourceName, name: string, because: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${because}`;
  return new ApiError(409, 'Conflict', message, detailsOf(resource, name));
}

/** 409: the object changed since the client read it. */
export function modified(resource: ResourceName, name: string): ApiError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** 403: the object must not be written or removed. */
export function forbidden(resource: ResourceName, name: string, because: string): ApiError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${because}`;
  return new ApiError(403, 'Forbidden', message, detailsOf(resource, name));
}

/** 400: the request cannot be understood. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** 405: the resource does not offer that verb. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

/** 406: none of the representations that the client accepts is offered. */
export function notAcceptable(offered: readonly string[]): ApiError {
  const message = `only the following media types are accepted: ${offered.join(', ')}`;
  return new ApiError(406, 'NotAcceptable', message);
}

/** 415: the body is in a format that the resource does not take. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** 413: the body is larger than the server reads. */
export function bodyTooLarge(limitBytes: number): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

/** 401: no token, or one that is not known. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

/** 410: the revision that a client wants to go on from is forgotten. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** 504: the client asks for a revision that is not reached yet. */
export function tooLargeResourceVersion(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** 422: the object breaks its kind's rules. Kubernetes names the kind, not the resource, in these. */
export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): ApiError {
  return new ApiError(422, 'Invalid', `${kindKey(kind)} "${name}" is invalid: ${renderFieldErrors(errors)}`, {
    ...detailsOf({ group: kind.group, plural: kind.kind }, name),
    causes: causesOf(errors),
  });
}
