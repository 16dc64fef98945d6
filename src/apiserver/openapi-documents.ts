import { createHash } from 'node:crypto';
import type { KindDefinition } from '../api/kind-definition.ts';
import type { ApiResponse } from './http-messages.ts';
import type { KindRegistry } from './kind-registry.ts';
import { parseAccept } from './media-types.ts';
import { groupVersionBase } from './schema/openapi-paths.ts';
import { encodeOpenApiV2 } from './schema/openapi-v2-protobuf.ts';
import { openApiV2 } from './schema/openapi-v2.ts';
import { openApiV3 } from './schema/openapi-v3.ts';

/** The media type of OpenAPI v2 as protobuf; clients before Kubernetes v1.33 write it with an `@`. */
const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const V2_PROTOBUF_NAMES = new Set([V2_PROTOBUF, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf']);

/** The OpenAPI documents of what is served now. Each is rendered when it is first asked for after a change. */
export class OpenApiDocuments {
  readonly #registry: KindRegistry;
  readonly #rendered = new Map<string, string | Buffer>();
  #generation = 0;

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  /** Answers `/openapi/v2`, `/openapi/v3` and the documents that the latter names; undefined for other paths. */
  answer(path: string, accept: string | undefined): ApiResponse | undefined {
    const isProtobuf = path === '/openapi/v2' && V2_PROTOBUF_NAMES.has(parseAccept(accept)[0]?.type ?? '');
    const body = this.#document(isProtobuf ? V2_PROTOBUF : path);
    const contentType = isProtobuf ? V2_PROTOBUF : 'application/json';
    return body === undefined ? undefined : { type: 'Document', code: 200, body, contentType };
  }

  #document(key: string): string | Buffer | undefined {
    if (this.#generation !== this.#registry.generation) {
      this.#rendered.clear();
      this.#generation = this.#registry.generation;
    }
    const known = this.#rendered.get(key);
    if (known !== undefined) return known;
    const body = key === V2_PROTOBUF ? encodeOpenApiV2(openApiV2(this.#registry.all())) : this.#json(key);
    if (body !== undefined) this.#rendered.set(key, body);
    return body;
  }

  #json(path: string): string | undefined {
    const document = this.#render(path);
    return document === undefined ? undefined : JSON.stringify(document);
  }

  #render(path: string): unknown {
    if (path === '/openapi/v2') return openApiV2(this.#registry.all());
    if (path === '/openapi/v3') return this.#index();
    for (const [group, version] of this.#groupVersions()) {
      if (path === `/openapi/v3${groupVersionBase(group, version)}`)
        return openApiV3(this.#registry.all(), group, version);
    }
    return undefined;
  }

  /** The hash lets clients keep a document until it changes. */
  #index(): unknown {
    const entries = this.#groupVersions().map(([group, version]) => {
      const base = groupVersionBase(group, version);
      const hash = hashOf(this.#registry.all().filter((kind) => kind.group === group));
      return [base.slice(1), { serverRelativeURL: `/openapi/v3${base}?hash=${hash}` }];
    });
    return { paths: Object.fromEntries(entries) };
  }

  #groupVersions(): readonly (readonly [group: string, version: string])[] {
    return [...this.#registry.groups()].flatMap(([group, versions]) =>
      versions.map((version) => [group, version] as const),
    );
  }
}

const hashes = new WeakMap<KindDefinition, string>();

function hashOf(kinds: readonly KindDefinition[]): string {
  const hash = createHash('sha256');
  for (const kind of kinds) hash.update(hashOfKind(kind));
  return hash.digest('hex').toUpperCase();
}

function hashOfKind(kind: KindDefinition): string {
  const known = hashes.get(kind);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(JSON.stringify(kind)).digest('hex');
  hashes.set(kind, hash);
  return hash;
}
