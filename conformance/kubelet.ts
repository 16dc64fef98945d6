import { setTimeout as sleep } from 'node:timers/promises';
import type { Pod } from '../src/api/core/pod.ts';
import { namespacedName } from '../src/api/object.ts';
import { ApiFailure } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import { podCommand } from './pod-command.ts';
import type { PodFolders } from './pod-command.ts';
import { NODE_ADDRESS, podAddress } from './pod-network.ts';
import { PodProcess } from './pod-process.ts';

/** The one node. */
export const NODE_NAME = 'process-kubelet';

interface RunningPod {
  process?: PodProcess;
  isLeaving: boolean;
}

/** Runs each Pod as a process in a network namespace of its own, and tells the API about it. */
export class Kubelet {
  readonly #api: ApiClient;
  readonly #folders: PodFolders;
  readonly #byUid = new Map<string, RunningPod>();
  readonly #byName = new Map<string, PodProcess>();
  #addressCount = 0;

  constructor(api: ApiClient, folders: PodFolders) {
    this.#api = api;
    this.#folders = folders;
  }

  /** Follows the Pods for as long as the process lives. */
  async run(): Promise<never> {
    return this.#api.follow<Pod>('/api/v1/pods', (pods) => this.#reconcile(pods));
  }

  /** What a Pod has written so far. Undefined: it does not run. */
  logOf(namespace: string, name: string): PodProcess['log'] | undefined {
    return this.#byName.get(namespacedName({ namespace, name }))?.log;
  }

  #reconcile(pods: readonly Pod[]): void {
    const present = new Set(pods.map(({ metadata }) => metadata.uid ?? ''));
    for (const [uid, entry] of this.#byUid) if (!present.has(uid)) void this.#forget(uid, entry);
    for (const pod of pods) {
      const uid = pod.metadata.uid ?? '';
      const known = this.#byUid.get(uid);
      if (pod.metadata.deletionTimestamp !== undefined) void this.#remove(pod, known);
      else if (known === undefined) {
        const entry: RunningPod = { isLeaving: false };
        this.#byUid.set(uid, entry);
        void this.#keepRunning(pod, entry);
      }
    }
  }

  async #keepRunning(pod: Pod, entry: RunningPod): Promise<void> {
    const address = podAddress(this.#addressCount++);
    while (!entry.isLeaving) {
      try {
        await this.#bind(pod);
        const started = await PodProcess.start(
          await podCommand(pod, address, { api: this.#api, folders: this.#folders }),
        );
        entry.process = started;
        this.#byName.set(namespacedName(pod.metadata), started);
        if (entry.isLeaving) await started.stop();
        else await this.#api.mergePatch(`${pathOf(pod)}/status`, { status: runningStatus(pod, address) });
        await started.ended();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const isWaiting = error instanceof ApiFailure && error.status === 404;
        if (!isWaiting && !entry.isLeaving) console.error(`Pod ${namespacedName(pod.metadata)}: ${error.message}`);
        await sleep(250);
      }
    }
  }

  async #bind(pod: Pod): Promise<void> {
    const { nodeName } = (await this.#api.get<Pod>(pathOf(pod))).spec ?? {};
    if (nodeName !== undefined && nodeName !== '') return;
    await this.#api.create(`${pathOf(pod)}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: pod.metadata.name },
      target: { apiVersion: 'v1', kind: 'Node', name: NODE_NAME },
    });
  }

  /** Stops the process of a Pod that is being deleted, then lets the Pod go. */
  async #remove(pod: Pod, entry: RunningPod | undefined): Promise<void> {
    if (entry?.isLeaving === true) return;
    if (entry !== undefined) entry.isLeaving = true;
    await entry?.process?.stop();
    const preconditions = { uid: pod.metadata.uid };
    try {
      await this.#api.delete(pathOf(pod), { gracePeriodSeconds: 0, preconditions });
    } catch (error) {
      if (!(error instanceof ApiFailure) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }

  async #forget(uid: string, entry: RunningPod): Promise<void> {
    this.#byUid.delete(uid);
    entry.isLeaving = true;
    await entry.process?.stop();
  }
}

function pathOf({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

function runningStatus({ spec }: Pod, address: string): NonNullable<Pod['status']> {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];
  return {
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    hostIP: NODE_ADDRESS,
    startTime: now,
    conditions: conditions.map((type) => ({ type, status: 'True', lastTransitionTime: now })),
    containerStatuses: (spec?.containers ?? []).map(({ name, image = '' }) => ({
      name,
      image,
      imageID: image,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: now } },
    })),
  };
}
