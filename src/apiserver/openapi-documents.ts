import { createHash } from 'node:crypto';
import type { KindDefinition } from '../api/kind-definition.ts';
import type { ApiResponse } from './http-messages.ts';
import type { KindRegistry } from './kind-registry.ts';
import { groupVersionBase } from './schema/openapi-paths.ts';
import { openApiV2 } from './schema/openapi-v2.ts';
import { openApiV3 } from './schema/openapi-v3.ts';

/** The OpenAPI documents of what is served now. Each is rendered when it is first asked for after a change. */
export class OpenApiDocuments {
  readonly #registry: KindRegistry;
  readonly #rendered = new Map<string, string>();
  #generation = 0;

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  /** Answers `/openapi/v2`, `/openapi/v3` and the documents that the latter names; undefined for other paths. */
  answer(path: string): ApiResponse | undefined {
    const text = this.#document(path);
    return text === undefined
      ? undefined
      : { type: 'Document', code: 200, body: text, contentType: 'application/json' };
  }

  #document(path: string): string | undefined {
    if (this.#generation !== this.#registry.generation) {
      this.#rendered.clear();
      this.#generation = this.#registry.generation;
    }
    const known = this.#rendered.get(path);
    if (known !== undefined) return known;
    const document = this.#render(path);
    if (document === undefined) return undefined;
    const text = JSON.stringify(document);
    this.#rendered.set(path, text);
    return text;
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
