import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startSallyport } from '../harness.ts';
import type { Sallyport } from '../harness.ts';
import { createAuthority } from './certificates.ts';
import type { TestAuthority, TestCertificate } from './certificates.ts';
import { CORPUS } from './command.ts';
import type { EchoBackend } from './echo-backend.ts';
import type { GatewayAnswer } from './http-client.ts';
import { documents, service, tlsSecret } from './manifests.ts';
import { namespaceManifests, namespacesOf, parentsMissingFrom, secretsOf, servicesOf } from './missing-objects.ts';
import type { ManifestObject, NamedService } from './missing-objects.ts';

/** What the reader adds to files of the corpus. */
export interface CorpusSetup {
  /** File names, applied in this order. */
  readonly files: readonly string[];
  /** A directory that is applied with `-k` in place of the files, which are its parts. */
  readonly kustomization?: string;
  /** Labels of namespaces; those that no file names are made as well. */
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Services that no file names. */
  readonly services?: readonly NamedService[];
  /** Manifests of the reader's own, applied last. */
  readonly more?: readonly string[];
  /** Leaves out the Secrets. */
  readonly isWithoutSecrets?: boolean;
}

/** A request to a Gateway, and what must come back: 200 unless told otherwise; null: no such header. */
export interface Asked {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly gives: {
    readonly status?: number;
    readonly backend?: string;
    /** What the backend saw. */
    readonly path?: string;
    readonly requestHeaders?: Readonly<Record<string, string | null>>;
    /** What the client saw. */
    readonly headers?: Readonly<Record<string, string | null>>;
  };
}

/** A fresh API with files of the corpus, applied by kubectl as they are, and everything they need. */
export interface CorpusWorld {
  readonly sallyport: Sallyport;
  readonly authority: TestAuthority;
  /** The certificates of the Secrets, by the Secret's name. */
  readonly certificates: ReadonlyMap<string, TestCertificate>;
  /** Sends a request to the Gateway `namespace/name` once it is in effect. */
  ask(gateway: string, asked: Asked): Promise<GatewayAnswer>;
  /** As `ask`, and holds the answer against `gives`. */
  check(gateway: string, asked: Asked): Promise<void>;
  /** Percent of 10,000 requests that each backend answers. */
  shares(gateway: string, url: string): Promise<Readonly<Record<string, number>>>;
}

const REQUESTS_FOR_SHARES = 10_000;

/** Sets up a world, hands it over and clears it away, also when `body` fails. */
export async function withCorpus(setup: CorpusSetup, body: (world: CorpusWorld) => Promise<void>): Promise<void> {
  const sallyport = await startSallyport();
  try {
    await body(await createWorld(sallyport, setup));
  } finally {
    await sallyport.close();
  }
}

/** The objects in files of the corpus. */
export function corpusObjects(files: readonly string[]): readonly ManifestObject[] {
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(CORPUS, file), 'utf8')).map((document) => document.toJS() as ManifestObject),
  );
}

async function createWorld(sallyport: Sallyport, setup: CorpusSetup): Promise<CorpusWorld> {
  const authority = await createAuthority();
  const { files, more = [] } = setup;
  const own = more.map((text) => JSON.parse(text) as ManifestObject);
  const objects = [...corpusObjects(files), ...own];
  const secrets = setup.isWithoutSecrets === true ? [] : secretsOf(objects);
  const certificates = new Map<string, TestCertificate>();
  for (const { name, hostname } of secrets) certificates.set(name, await authority.issue(hostname));
  const services = [...servicesOf(objects), ...(setup.services ?? [])];
  const backends = await startBackends(sallyport, services);
  await sallyport.api.apply(
    documents(
      ...namespaceManifests(namespacesOf([...objects, ...secrets.map(asObject)]), setup.namespaces ?? {}),
      ...parentsMissingFrom(objects),
      ...secrets.flatMap(({ namespace, name }) => secretOf(namespace, name, certificates.get(name))),
      ...services.map((named) => service(named, backends.get(named.name)?.endpoint ?? '')),
    ),
  );
  const inputs = setup.kustomization === undefined ? files.map((file) => ['-f', file]) : [['-k', setup.kustomization]];
  for (const [flag = '', path = ''] of inputs) await sallyport.kubectlOk(['apply', flag, join(CORPUS, path)]);
  if (more.length > 0) await sallyport.api.apply(documents(...more));
  const askAt = (address: string, { url, method, headers }: Asked, agent?: Agent) =>
    sallyport.send({
      address,
      url,
      authority: authority.certificate,
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(agent === undefined ? {} : { agent }),
    });
  const addressOf = (gateway: string) => {
    const [namespace = '', name = ''] = gateway.split('/');
    return sallyport.gatewayAddress(name, namespace);
  };
  const ask = async (gateway: string, asked: Asked) => askAt(await addressOf(gateway), asked);
  return {
    sallyport,
    authority,
    certificates,
    ask,
    check: async (gateway, asked) => checkAnswer(await ask(gateway, asked), asked),
    async shares(gateway, url) {
      const address = await addressOf(gateway);
      return sharesOf((agent) => askAt(address, { url, gives: {} }, agent));
    },
  };
}

function asObject({ namespace, name }: { readonly namespace: string; readonly name: string }): ManifestObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } };
}

function secretOf(namespace: string, name: string, certificate: TestCertificate | undefined): readonly string[] {
  return certificate === undefined ? [] : [tlsSecret(namespace, name, certificate)];
}

async function startBackends(
  sallyport: Sallyport,
  services: readonly NamedService[],
): Promise<ReadonlyMap<string, EchoBackend>> {
  const names = [...new Set(services.map(({ name }) => name))];
  const backends = await Promise.all(names.map((name) => sallyport.startBackend(name)));
  return new Map(backends.map((backend) => [backend.name, backend]));
}

type Fields = Readonly<Record<string, unknown>>;

function checkAnswer(answer: GatewayAnswer, { url, method = 'GET', gives }: Asked): void {
  const { status = 200, backend, path, headers = {}, requestHeaders = {} } = gives;
  const valuesOf = (from: Fields, like: Fields) =>
    Object.fromEntries(Object.keys(like).map((name) => [name, from[name] ?? null]));
  expect(
    {
      status: answer.status,
      backend: backend === undefined ? undefined : answer.echo?.backend,
      path: path === undefined ? undefined : answer.echo?.path,
      headers: valuesOf(answer.headers, headers),
      requestHeaders: valuesOf(answer.echo?.headers ?? {}, requestHeaders),
    },
    `${method} ${url}: ${answer.status} ${answer.body}`,
  ).toEqual({ status, backend, path, headers, requestHeaders });
}

async function sharesOf(ask: (agent: Agent) => Promise<GatewayAnswer>): Promise<Readonly<Record<string, number>>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const counts: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      for (let round = 0; round < REQUESTS_FOR_SHARES / 100; round += 1) {
        const { echo, status } = await ask(agent);
        const who = echo?.backend ?? String(status);
        counts[who] = (counts[who] ?? 0) + 1;
      }
    }),
  );
  agent.destroy();
  return Object.fromEntries(Object.entries(counts).map(([who, count]) => [who, (100 * count) / REQUESTS_FOR_SHARES]));
}
