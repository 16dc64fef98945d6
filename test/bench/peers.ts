import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PemPair } from '../contract/self-signed.ts';
import { descendants, eventually, freePort, LOAD_CORE, PROXY_CORE, startOn, stop } from './processes.ts';

/** A proxy under test. */
export interface Peer {
  readonly name: string;
  readonly httpUrl: string;
  readonly httpsUrl: string;
  /** Processes whose CPU time counts. */
  readonly pids: readonly number[];
  /** Listed apart. */
  readonly supervisor?: number;
  stop(): Promise<void>;
}

/** Body of `/small`. */
const SMALL = 'x'.repeat(128);

/** nginx as the backend: `/small` and `/large` (1 MiB). Keeps connections for as long as they are used. */
export async function startBackend(directory: string): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const port = await freePort();
  writeFileSync(join(directory, 'large'), Buffer.alloc(2 ** 20, 'y'));
  const server = `server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /large { root ${directory}; }
    location / { return 200 "${SMALL}"; }
  }`;
  return { port, stop: (await startNginx(directory, 'backend', LOAD_CORE, server)).stop };
}

/** nginx as proxy, one worker; it sets the headers that Sallyport sets, and buffers in memory only. */
export async function nginxPeer(directory: string, backendPort: number, pem: string): Promise<Peer> {
  const [http, https] = [await freePort(), await freePort()];
  const server = `upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${http} backlog=4096;
    listen 127.0.0.1:${https} ssl backlog=4096;
    ssl_certificate ${pem};
    ssl_certificate_key ${pem};
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Request-ID $request_id;
      proxy_buffers 16 64k;
      proxy_busy_buffers_size 128k;
      proxy_max_temp_file_size 0;
    }
  }`;
  const { pid, stop: end } = await startNginx(directory, 'proxy', PROXY_CORE, server);
  const [httpUrl, httpsUrl] = [`http://127.0.0.1:${http}`, `https://127.0.0.1:${https}`];
  await eventually('nginx answers', async () => ((await fetch(`${httpUrl}/small`)).ok ? true : undefined));
  return { name: 'nginx', httpUrl, httpsUrl, pids: [pid, ...descendants(pid)], stop: end };
}

/** HAProxy with one thread, setting the same headers. */
export async function haproxyPeer(directory: string, backendPort: number, pem: string): Promise<Peer> {
  const [http, https] = [await freePort(), await freePort()];
  const config = join(directory, 'haproxy.cfg');
  writeFileSync(
    config,
    `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  http-reuse always
frontend bench
  bind 127.0.0.1:${http} backlog 4096
  bind 127.0.0.1:${https} ssl crt ${pem} alpn http/1.1 backlog 4096
  option forwardfor
  unique-id-format %{+X}o\\ %ci:%cp_%fi:%fp_%Ts_%rt:%pid
  unique-id-header X-Request-ID
  http-request set-header X-Forwarded-Proto https if { ssl_fc }
  http-request set-header X-Forwarded-Proto http if !{ ssl_fc }
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  default_backend backend
backend backend
  server one 127.0.0.1:${backendPort}
`,
  );
  const child = startOn(PROXY_CORE, ['haproxy', '-db', '-q', '-f', config]);
  const pid = child.pid ?? 0;
  const [httpUrl, httpsUrl] = [`http://127.0.0.1:${http}`, `https://127.0.0.1:${https}`];
  await eventually('HAProxy answers', async () => ((await fetch(`${httpUrl}/small`)).ok ? true : undefined));
  return { name: 'HAProxy', httpUrl, httpsUrl, pids: [pid, ...descendants(pid)], stop: () => stop(child) };
}

/** Writes certificate and key into one file, as both peers read it. */
export function writePem(directory: string, { certificate, key }: PemPair): string {
  const file = join(directory, 'bench.pem');
  writeFileSync(file, `${certificate.trimEnd()}\n${key.trimEnd()}\n`, { mode: 0o600 });
  return file;
}

async function startNginx(directory: string, name: string, core: number, servers: string) {
  const prefix = join(directory, name);
  mkdirSync(prefix);
  const config = join(prefix, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${prefix}/${kind};`,
  );
  writeFileSync(
    config,
    `daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${prefix}/pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 100000000;
  ${temporary.join('\n  ')}
  ${servers}
}
`,
  );
  const child = startOn(core, ['nginx', '-p', prefix, '-c', config]);
  const pid = child.pid ?? 0;
  await eventually(`nginx (${name}) has a worker`, () =>
    Promise.resolve(descendants(pid).length > 0 ? true : undefined),
  );
  return { pid, stop: () => stop(child) };
}
