import type { BackendView, TopologyUpdate } from '../analysis/topology.ts';
import { backendWarning } from '../analysis/warnings.ts';
import type { ObjectRef } from '../api/object.ts';
import { namespacedName } from '../api/object.ts';

/** Something to tell on the terminal that no condition shows as a fault. */
export interface StatusNotice {
  readonly level: 'info' | 'warning';
  readonly about: ObjectRef;
  /** A sentence. */
  readonly message: string;
}

/** Tells, once a change, of Services that routes name and that have no ready endpoint, or have one again. */
export class EndpointNotices {
  readonly #warnings = new Map<string, string>();

  /** What a change of the topology makes worth telling. */
  after({ backends, removedBackends }: Pick<TopologyUpdate, 'backends' | 'removedBackends'>): readonly StatusNotice[] {
    for (const id of removedBackends) this.#warnings.delete(id);
    return backends.flatMap((backend) => this.#noticeOf(backend) ?? []);
  }

  #noticeOf(backend: BackendView): StatusNotice | undefined {
    const { id, service, port } = backend;
    const warning = backendWarning(backend);
    const before = this.#warnings.get(id);
    if (warning === before) return undefined;
    if (warning !== undefined) {
      this.#warnings.set(id, warning);
      return { level: 'warning', about: service, message: warning };
    }
    this.#warnings.delete(id);
    const message = `Service "${namespacedName(service)}" has ready endpoints for port ${port} again.`;
    return { level: 'info', about: service, message };
  }
}
