import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse, parseAllDocuments } from 'yaml';

/** A condition as it stands in a status. */
export interface SeenCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** An object of the API as a test looks at it. */
export interface SeenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly status?: {
    readonly conditions?: readonly SeenCondition[];
    readonly addresses?: readonly { readonly value: string }[];
    readonly listeners?: readonly {
      readonly name: string;
      readonly attachedRoutes: number;
      readonly conditions: readonly SeenCondition[];
    }[];
    readonly parents?: readonly {
      readonly parentRef: { readonly name: string; readonly sectionName?: string };
      readonly controllerName: string;
      readonly conditions: readonly SeenCondition[];
    }[];
    readonly ancestors?: readonly { readonly conditions: readonly SeenCondition[] }[];
  };
}

/** Names an object. */
export interface Ref {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** A small client of the embedded API: what a test needs besides kubectl, which costs a process for each call. */
export class KubeApi {
  readonly #url: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor(kubeconfig: string) {
    const { url, token, authority } = parseKubeconfig(readFileSync(kubeconfig, 'utf8'));
    this.#url = url;
    this.#token = token;
    this.#agent = new Agent({ ca: authority, keepAlive: true });
  }

  /** Server-side apply of every document of `yaml`; the answers must be successes. */
  async apply(yaml: string): Promise<readonly SeenObject[]> {
    const applied: SeenObject[] = [];
    for (const document of parseAllDocuments(yaml)) {
      const object = document.toJS() as SeenObject;
      const path = `${pathOf(refOf(object))}?fieldManager=e2e&force=true`;
      const answer = await this.send('PATCH', path, JSON.stringify(object), 'application/apply-patch+yaml');
      applied.push(parseObject(answer, `apply ${object.kind} ${object.metadata.name}`));
    }
    return applied;
  }

  async patch(ref: Ref, operations: readonly unknown[]): Promise<SeenObject> {
    const answer = await this.send('PATCH', pathOf(ref), JSON.stringify(operations), 'application/json-patch+json');
    return parseObject(answer, `patch ${ref.kind} ${ref.name}`);
  }

  async delete(ref: Ref): Promise<void> {
    const answer = await this.send('DELETE', pathOf(ref));
    if (answer.status >= 300) throw new Error(`delete ${ref.kind} ${ref.name}: ${answer.status} ${answer.text}`);
  }

  async get(ref: Ref): Promise<SeenObject | undefined> {
    const answer = await this.send('GET', pathOf(ref));
    return answer.status === 404 ? undefined : parseObject(answer, `get ${ref.kind} ${ref.name}`);
  }

  async send(method: string, path: string, body?: string, contentType = 'application/json'): Promise<ApiAnswer> {
    const response = await this.#open(method, path, body, contentType);
    response.setEncoding('utf8');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, text };
  }

  /** Watches one object until `matches`; the time limit tells the object's last state. */
  async until(ref: Ref, matches: (object: SeenObject) => boolean, limitMs = 15_000): Promise<SeenObject> {
    const path = `${collectionOf(ref)}?watch=1&fieldSelector=${encodeURIComponent(`metadata.name=${ref.name}`)}`;
    const response = await this.#open('GET', path);
    const timer = setTimeout(() => void response.destroy(), limitMs);
    let last: SeenObject | undefined;
    try {
      for await (const line of createInterface({ input: response })) {
        const event = JSON.parse(line) as { readonly type: string; readonly object: SeenObject };
        last = event.object;
        if ((event.type === 'ADDED' || event.type === 'MODIFIED') && matches(last)) return last;
      }
    } catch (error) {
      if (!response.destroyed) throw error;
    } finally {
      clearTimeout(timer);
      response.destroy();
    }
    throw new Error(`${ref.kind} "${ref.name}" did not become as expected in ${limitMs} ms: ${JSON.stringify(last)}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(method: string, path: string, body?: string, contentType = 'application/json'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.#token}`, 'content-type': contentType };
      const sent = request(`${this.#url}${path}`, { method, headers, agent: this.#agent }, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Whether the object as a whole has a condition, observed at its generation. */
export function hasOwn({ metadata, status }: SeenObject, type: string, state: string): boolean {
  return (status?.conditions ?? []).some(
    (condition) =>
      condition.type === type &&
      condition.status === state &&
      (condition.observedGeneration ?? metadata.generation) === metadata.generation,
  );
}

/** All conditions of an object: its own, its listeners', its parents' and its ancestors'. */
export function conditionsOf({ status }: SeenObject): readonly SeenCondition[] {
  const parts = [...(status?.listeners ?? []), ...(status?.parents ?? []), ...(status?.ancestors ?? [])];
  return [...(status?.conditions ?? []), ...parts.flatMap(({ conditions }) => conditions)];
}

/** The reference to an object that a test holds. */
export function refOf({ apiVersion, kind, metadata }: SeenObject): Ref {
  const { namespace, name } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

const CLUSTER_SCOPED = new Set(['Namespace', 'GatewayClass', 'CustomResourceDefinition', 'ClusterIssuer']);

function pathOf(ref: Ref): string {
  return `${collectionOf(ref)}/${ref.name}`;
}

function collectionOf({ apiVersion, kind, namespace }: Ref): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = CLUSTER_SCOPED.has(kind) ? '' : `/namespaces/${namespace ?? 'default'}`;
  return `${base}${scope}/${pluralOf(kind.toLowerCase())}`;
}

function pluralOf(kind: string): string {
  if (/(?:s|x|ch)$/.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

function parseObject({ status, text }: ApiAnswer, what: string): SeenObject {
  if (status >= 300) throw new Error(`${what}: ${status} ${text}`);
  return JSON.parse(text) as SeenObject;
}

function parseKubeconfig(text: string) {
  const { clusters, users } = parse(text) as {
    readonly clusters: readonly [
      { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
    ];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  return { url: server, token: users[0].user.token, authority: Buffer.from(authority, 'base64').toString() };
}
