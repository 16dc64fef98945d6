import type { SocketId, WorkerDelta } from '../../engine/embedded/protocol.ts';
import type { BackendPlan } from '../../plan/types.ts';
import type { SocketTable } from '../compiled.ts';
import { RoutingTables } from '../routing/routing-tables.ts';
import { randomBelow } from '../routing/random-below.ts';
import type { CertificateStore } from '../tls/certificate-store.ts';
import type { Backends } from '../upstream/backends.ts';

/** All that plans have told a worker: backends, certificates, and routing that refers to both. */
export class WorkerState {
  readonly #backends: Backends;
  readonly #certificates: CertificateStore;
  readonly #tables: RoutingTables;

  constructor(backends: Backends, certificates: CertificateStore) {
    this.#backends = backends;
    this.#certificates = certificates;
    this.#tables = new RoutingTables({ backends, randomBelow });
  }

  /** The newest table of a socket; undefined if no plan has named it. */
  table(socket: SocketId): SocketTable | undefined {
    return this.#tables.socket(socket);
  }

  /**
   * Puts a delta in effect in one step. Everything that can fail comes first; what was added until then is taken back.
   *
   * @throws If anything of the delta cannot be used: nothing of it is in effect then.
   */
  apply(delta: WorkerDelta): void {
    const undo: (() => void)[] = [];
    const changed: BackendPlan[] = [];
    try {
      // New backends come before the rules that name them; nothing else can refer to them yet.
      for (const plan of delta.backends) {
        if (this.#backends.get(plan.id) === undefined) {
          this.#backends.upsert(plan);
          undo.push(() => this.#backends.remove(plan.id));
        } else changed.push(plan);
      }
      for (const certificate of delta.certificates) {
        this.#certificates.upsert(certificate);
        undo.push(() => this.#certificates.remove(certificate.id));
      }
      const commitRouting = this.#tables.prepare(delta);
      for (const plan of changed) this.#backends.upsert(plan);
      commitRouting();
    } catch (error) {
      for (const takeBack of undo) takeBack();
      throw error;
    }
    for (const id of delta.removedBackends) this.#backends.remove(id);
    for (const id of delta.removedCertificates) this.#certificates.remove(id);
  }
}
