import type { Clock } from '../lib/clock.ts';
import type { KubeObject } from '../api/object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { FieldValidation } from './admission.ts';
import { parseDeleteOptions } from './deletion.ts';
import type { ApiRequest, ApiResponse } from './http-messages.ts';
import type { KindRegistry, ServedResource } from './kind-registry.ts';
import { listPage, parseSelection, selectObjects } from './list.ts';
import { chooseRepresentation } from './media-types.ts';
import { isNative } from './native-kinds.ts';
import type { WriteTarget } from './object-body.ts';
import { parsePatch } from './patch-object.ts';
import { inVersion, renderList, renderObject } from './rendering.ts';
import type { RenderOptions } from './rendering.ts';
import { isSet } from './request-info.ts';
import type { ResourcePath } from './request-info.ts';
import { badRequest, methodNotAllowed, notAcceptable, unknownPath } from './status-errors.ts';
import type { IncludeObject } from './table.ts';
import type { WatchHub } from './watch.ts';
import { watchResponse } from './watch-response.ts';
import type { WriteOptions, WritePath, Written } from './write-path.ts';

/** What requests for objects need. */
export interface ResourceRequestsOptions {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly writes: WritePath;
  readonly watches: WatchHub;
  readonly clock: Clock;
}

interface Exchange {
  readonly request: ApiRequest;
  readonly path: ResourcePath;
  readonly resource: ServedResource;
  readonly target: WriteTarget;
}

/** Answers requests for objects: get, list, watch and every write. */
export class ResourceRequests {
  readonly #options: ResourceRequestsOptions;

  constructor(options: ResourceRequestsOptions) {
    this.#options = options;
  }

  /** Answers one request; failures are thrown as `ApiError`. */
  async handle(request: ApiRequest, path: ResourcePath): Promise<ApiResponse> {
    const resource = this.#options.registry.resource(path.group, path.version, path.resource);
    if (resource === undefined) throw unknownPath();
    const exchange = { request, path, resource, target: targetOf(path, resource) };
    const response = await this.#answer(exchange);
    if (request.method !== 'GET') await this.#options.store.whenDurable();
    return isRead(request) ? withVersionWarning(response, resource) : response;
  }

  #answer(exchange: Exchange): Promise<ApiResponse> | ApiResponse {
    const { request, path } = exchange;
    switch (request.method) {
      case 'GET':
        return path.name === undefined ? this.#list(exchange) : this.#get(exchange);
      case 'POST':
        return this.#create(exchange);
      case 'PUT':
        return this.#update(exchange);
      case 'PATCH':
        return this.#patch(exchange);
      case 'DELETE':
        return path.name === undefined ? this.#deleteCollection(exchange) : this.#delete(exchange);
      default:
        throw methodNotAllowed();
    }
  }

  #get({ request, target }: Exchange): ApiResponse {
    return this.#render(request, target, this.#options.writes.read(target));
  }

  #list({ request, path, resource }: Exchange): ApiResponse {
    const { store, watches, clock } = this.#options;
    const { query } = request;
    const selection = parseSelection(resource, path.namespace, query);
    const render = this.#renderOptions(request, resource);
    if (isSet(query, 'watch')) return watchResponse({ hub: watches, store, clock, selection, query, render });
    const { items, metadata } = listPage(store, selection, query);
    return { type: 'Document', code: 200, body: renderList(items, metadata, render) };
  }

  async #create({ request, path, target }: Exchange): Promise<ApiResponse> {
    if (path.name !== undefined) throw methodNotAllowed();
    const body = await request.readBody();
    return this.#written(request, target, this.#options.writes.create(target, body, writeOptions(request)));
  }

  async #update({ request, path, target }: Exchange): Promise<ApiResponse> {
    if (path.name === undefined) throw methodNotAllowed();
    const body = await request.readBody();
    return this.#written(request, target, this.#options.writes.update(target, body, writeOptions(request)));
  }

  async #patch({ request, path, target, resource }: Exchange): Promise<ApiResponse> {
    if (path.name === undefined) throw methodNotAllowed();
    const patch = parsePatch(request.headers['content-type'], await request.readBody(), {
      force: isSet(request.query, 'force'),
      hasStrategicMerge: isNative(resource.kind),
    });
    if (patch.type === 'Apply' && (request.query.get('fieldManager') ?? '') === '') {
      throw badRequest(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    }
    return this.#written(request, target, this.#options.writes.patch(target, patch, writeOptions(request)));
  }

  async #delete({ request, target, resource }: Exchange): Promise<ApiResponse> {
    const options = parseDeleteOptions(await request.readBody(), request.query);
    const { object, isGone } = this.#options.writes.delete(target, options);
    if (!isGone) return this.#render(request, target, object);
    const { group, plural } = resource.kind;
    const { name, uid } = object.metadata;
    const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid };
    const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
    return { type: 'Document', code: 200, body };
  }

  async #deleteCollection({ request, path, resource }: Exchange): Promise<ApiResponse> {
    const { store, writes } = this.#options;
    const options = parseDeleteOptions(await request.readBody(), request.query);
    const deleted = selectObjects(store, parseSelection(resource, path.namespace, request.query)).map((object) => {
      const { name, namespace = '' } = object.metadata;
      return writes.delete({ resource, namespace, name }, options).object;
    });
    const metadata = { resourceVersion: String(store.revision) };
    return { type: 'Document', code: 200, body: renderList(deleted, metadata, this.#renderOptions(request, resource)) };
  }

  #written(request: ApiRequest, target: WriteTarget, { object, outcome, warnings }: Written): ApiResponse {
    return { ...this.#render(request, target, object), code: outcome === 'Created' ? 201 : 200, warnings };
  }

  #render(request: ApiRequest, { resource }: WriteTarget, object: KubeObject) {
    const body = renderObject(inVersion(object, resource), this.#renderOptions(request, resource));
    return { type: 'Document' as const, code: 200, body };
  }

  #renderOptions({ headers, query }: ApiRequest, resource: ServedResource): RenderOptions {
    const representation = chooseRepresentation(headers.accept);
    if (representation === undefined) throw notAcceptable(['application/json']);
    return { resource, representation, include: includeObject(query), nowMs: this.#options.clock.now() };
  }
}

function isRead({ method }: ApiRequest): boolean {
  return method === 'GET' || method === 'DELETE';
}

/** Writes are warned of by admission, which other clients than those over HTTP go through as well. */
function withVersionWarning(response: ApiResponse, { version }: ServedResource): ApiResponse {
  if (response.type !== 'Document' || version.deprecationWarning === undefined) return response;
  return { ...response, warnings: [version.deprecationWarning] };
}

function targetOf({ namespace, name, subresource }: ResourcePath, resource: ServedResource): WriteTarget {
  const isNamespaced = resource.kind.scope === 'Namespaced';
  if (namespace !== '' && !isNamespaced) throw unknownPath();
  if (namespace === '' && isNamespaced && name !== undefined) throw unknownPath();
  const target = { resource, namespace, name: name ?? '' };
  if (subresource === undefined) return target;
  if (subresource !== 'status' || !resource.version.hasStatus) throw unknownPath();
  return { ...target, subresource };
}

function writeOptions({ query, headers }: ApiRequest): WriteOptions {
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) {
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(dryRun[0])}: supported values: "All"`);
  }
  return {
    fieldManager: query.get('fieldManager') ?? headers['user-agent']?.split('/')[0] ?? 'unknown',
    isDryRun: dryRun.length > 0,
    fieldValidation: parseFieldValidation(query.get('fieldValidation') ?? ''),
  };
}

function parseFieldValidation(value: string): FieldValidation {
  if (value === '') return 'Warn';
  if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value;
  throw badRequest(
    `fieldValidation: Unsupported value: ${JSON.stringify(value)}: supported values: "Ignore", "Strict", "Warn"`,
  );
}

function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'Object' || value === 'None') return value;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
}
