import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../src/api/object.ts';

/** Where a Kubernetes API is and what lets us in. Its certificate is not verified: it is on this machine. */
export interface ApiAccess {
  readonly url: string;
  readonly token: string;
}

/** An answer other than 2xx. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The few requests that the process kubelet makes. */
export class ApiClient {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#call('GET', path)) as T;
  }

  async create<T>(path: string, object: unknown): Promise<T> {
    return (await this.#call('POST', path, object)) as T;
  }

  async mergePatch(path: string, patch: unknown): Promise<void> {
    await this.#call('PATCH', path, patch, 'application/merge-patch+json');
  }

  async delete(path: string, options: unknown = {}): Promise<void> {
    await this.#call('DELETE', path, options);
  }

  /** Calls `onChange` with all objects of a collection, at first and after each change, for as long as the process lives. */
  async follow<T extends KubeObject>(path: string, onChange: (objects: readonly T[]) => void): Promise<never> {
    for (;;) {
      try {
        await this.#followOnce(path, onChange);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        console.error(`Watching ${path} starts anew: ${error.message}`);
        await sleep(500);
      }
    }
  }

  async #followOnce<T extends KubeObject>(path: string, onChange: (objects: readonly T[]) => void): Promise<void> {
    const list = await this.get<{ readonly metadata: { readonly resourceVersion: string }; readonly items: T[] }>(path);
    const objects = new Map(list.items.map((object) => [nameOf(object), object]));
    onChange([...objects.values()]);
    const response = await this.#send('GET', `${path}?watch=1&resourceVersion=${list.metadata.resourceVersion}`);
    for await (const line of createInterface({ input: response })) {
      const event = JSON.parse(line) as { readonly type: string; readonly object: T };
      if (event.type === 'ERROR') return;
      if (event.type === 'DELETED') objects.delete(nameOf(event.object));
      else objects.set(nameOf(event.object), event.object);
      onChange([...objects.values()]);
    }
  }

  async #call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<unknown> {
    const response = await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body), type);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const status = response.statusCode ?? 0;
    if (status === 429) {
      await sleep(Number(response.headers['retry-after'] ?? 1) * 1_000);
      return this.#call(method, path, body, type);
    }
    if (status >= 300) throw new ApiFailure(status, `${method} ${path} was answered with ${status}: ${text}`);
    return JSON.parse(text);
  }

  async #send(method: string, path: string, body?: string, type?: string): Promise<IncomingMessage> {
    const sent = request(new URL(path, this.#access.url), {
      method,
      rejectUnauthorized: false,
      headers: {
        authorization: `Bearer ${this.#access.token}`,
        accept: 'application/json',
        ...(body === undefined || type === undefined
          ? {}
          : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
      },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  }
}

function nameOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}
