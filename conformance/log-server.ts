import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeServerCertificate } from '../src/apiserver/server-certificate.ts';
import type { LogLine } from './pod-process.ts';
import { NODE_ADDRESS } from './pod-network.ts';

/** Serves what Pods wrote, as the API server asks a kubelet for it. Returns the port. */
export async function startLogServer(
  logOf: (namespace: string, pod: string) => readonly LogLine[] | undefined,
): Promise<number> {
  const { certificate, privateKey } = await makeServerCertificate([NODE_ADDRESS], Date.now());
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://kubelet');
    const [, verb, namespace = '', pod = ''] = pathname.split('/');
    const log = verb === 'containerLogs' ? logOf(namespace, pod) : undefined;
    const since = searchParams.get('sinceTime');
    const lines = (log ?? []).filter(({ at }) => since === null || at >= new Date(since));
    response.statusCode = log === undefined ? 404 : 200;
    response.end(lines.map(({ text }) => `${text}\n`).join(''));
  });
  server.listen(0, NODE_ADDRESS);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
