import { Agent, createServer, request, type Server } from 'node:http';
import { request as tlsRequest, Agent as TlsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** An answer of a backend through the engine. */
export interface TrafficAnswer {
  readonly status: number;
  readonly body: string;
  /** Of the certificate that the engine showed. */
  readonly fingerprint?: string;
}

/** A backend on a free port that answers every request with its name. */
export async function startBackend(name: string): Promise<{ readonly port: number; close(): void }> {
  const server: Server = createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One request. Certificates are not verified: tests look at them instead. */
export function send(url: string, agent?: Agent): Promise<TrafficAnswer> {
  return new Promise((resolve, reject) => {
    const isTls = url.startsWith('https:');
    // Without an agent of its own a request gets a connection of its own.
    const options = { agent: agent ?? false, rejectUnauthorized: false };
    const sent = (isTls ? tlsRequest : request)(url, options, (response) => {
      let body = '';
      // Read now: a kept connection that is closed later has no certificate any more.
      const fingerprint = isTls ? (response.socket as TLSSocket).getPeerCertificate().fingerprint256 : undefined;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, ...(fingerprint === undefined ? {} : { fingerprint }) }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** What a load has seen. */
export interface LoadResult {
  readonly answers: number;
  /** Everything but a 200, as text. */
  readonly failures: readonly string[];
  /** How often each body came. */
  readonly bodies: Readonly<Record<string, number>>;
}

/** Requests without pause over kept connections. */
export class Load {
  readonly #url: string;
  readonly #agents: readonly Agent[];
  readonly #loops: readonly Promise<void>[];
  readonly #failures: string[] = [];
  readonly #bodies: Record<string, number> = {};
  #answers = 0;
  #isOver = false;

  /** @param connections Each one carries one request at a time. */
  constructor(url: string, connections = 8) {
    this.#url = url;
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agents = Array.from({ length: connections }, () =>
      url.startsWith('https:') ? new TlsAgent(options) : new Agent(options),
    );
    this.#loops = this.#agents.map((agent) => this.#repeat(agent));
  }

  /** Answers so far. */
  get answers(): number {
    return this.#answers;
  }

  /** Resolves after that many more answers. */
  async further(answers: number): Promise<void> {
    const until = this.#answers + answers;
    while (this.#answers < until && this.#failures.length < 1_000) await new Promise(setImmediate);
  }

  /** Ends after the requests under way. */
  async stop(): Promise<LoadResult> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    for (const agent of this.#agents) agent.destroy();
    return { answers: this.#answers, failures: this.#failures, bodies: this.#bodies };
  }

  async #repeat(agent: Agent): Promise<void> {
    while (!this.#isOver && this.#failures.length < 1_000) {
      try {
        const { status, body } = await send(this.#url, agent);
        this.#answers++;
        this.#bodies[body] = (this.#bodies[body] ?? 0) + 1;
        if (status !== 200) this.#failures.push(`${status} ${body}`);
      } catch (error) {
        this.#failures.push(String(error));
      }
    }
  }
}
