import type { ApiResponse } from './http-messages.ts';
import type { KindRegistry } from './kind-registry.ts';

export class OpenApiDocuments {
  readonly #registry: KindRegistry;

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  answer(path: string): ApiResponse | undefined {
    return path === '/openapi/v3' && this.#registry.generation > 0
      ? { type: 'Document', code: 200, body: { paths: {} } }
      : undefined;
  }
}
