import type { ApiRequest, ApiResponse } from './http-messages.ts';
import { aggregatedDiscovery, coreVersions, groupDiscovery, groupList, resourceList } from './discovery.ts';
import type { KindRegistry } from './kind-registry.ts';
import { chooseDiscovery } from './media-types.ts';
import { OpenApiDocuments } from './openapi-documents.ts';
import { methodNotAllowed, unknownPath } from './status-errors.ts';

const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+sallyport',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: `${process.platform}/${process.arch}`,
};

const HEALTH_PATHS = ['/healthz', '/livez', '/readyz', '/readyz/ping', '/livez/ping', '/healthz/ping'];

/** What the server says of itself: version, health, discovery and OpenAPI. */
export class ServerDocuments {
  readonly #registry: KindRegistry;
  readonly #serverAddress: () => string;
  readonly #openApi: OpenApiDocuments;

  constructor(registry: KindRegistry, serverAddress: () => string) {
    this.#registry = registry;
    this.#serverAddress = serverAddress;
    this.#openApi = new OpenApiDocuments(registry);
  }

  /** Answers a request that is not about objects. */
  answer(request: ApiRequest): ApiResponse {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const answer =
      this.#static(path) ?? this.#discovery(path, request) ?? this.#openApi.answer(path, request.headers.accept);
    if (answer === undefined) throw unknownPath();
    return answer;
  }

  #static(path: string): ApiResponse | undefined {
    if (HEALTH_PATHS.includes(path)) return { type: 'Document', code: 200, body: 'ok' };
    if (path === '/version') return document(VERSION);
    if (path === '/')
      return document({ paths: ['/api', '/apis', '/healthz', '/openapi/v2', '/openapi/v3', '/version'] });
    return undefined;
  }

  #discovery(path: string, { headers }: ApiRequest): ApiResponse | undefined {
    const [root, group, version, ...excess] = path.split('/').slice(1);
    if (excess.length > 0 || (root !== 'api' && root !== 'apis')) return undefined;
    const isCore = root === 'api';
    if (group === undefined) return this.#groups(isCore, headers.accept);
    if (isCore) return version === undefined ? document(resourceList(this.#registry, '', group)) : undefined;
    if (version === undefined) return document(groupDiscovery(this.#registry, group));
    return document(resourceList(this.#registry, group, version));
  }

  #groups(isCore: boolean, accept: string | undefined): ApiResponse {
    const aggregated = chooseDiscovery(accept);
    if (aggregated !== undefined) {
      return {
        type: 'Document',
        code: 200,
        body: aggregatedDiscovery(this.#registry, { isCore, version: aggregated }),
        contentType: `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`,
      };
    }
    const body = isCore ? coreVersions(this.#serverAddress()) : groupList(this.#registry);
    return { type: 'Document', code: 200, body };
  }
}

function document(body: unknown): ApiResponse {
  if (body === undefined) throw unknownPath();
  return { type: 'Document', code: 200, body };
}
