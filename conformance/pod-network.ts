import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The address of the bridge, at which pods reach the node. */
export const NODE_ADDRESS = '10.244.0.1';
const BRIDGE = 'pods';

/** Makes the bridge to which pods are wired, in the network namespace of this process. */
export async function makeBridge(): Promise<void> {
  await run('ip', ['link', 'set', 'lo', 'up']);
  await run('ip', ['link', 'add', BRIDGE, 'type', 'bridge']);
  await run('ip', ['address', 'add', `${NODE_ADDRESS}/16`, 'dev', BRIDGE]);
  await run('ip', ['link', 'set', BRIDGE, 'up']);
}

/** The address of the pod with this number, counted from 0. */
export function podAddress(number: number): string {
  const host = number + 256;
  return `10.244.${Math.floor(host / 256)}.${host % 256}`;
}

/** Wires the network namespace of process `pid` to the bridge. The wire goes with the namespace. */
export async function wire(pid: number, address: string): Promise<void> {
  const wireName = `pod${pid}`;
  const peer = ['peer', 'name', 'eth0', 'netns', String(pid)];
  await run('ip', ['link', 'add', wireName, 'type', 'veth', ...peer]);
  await run('ip', ['link', 'set', wireName, 'master', BRIDGE, 'up']);
  const inside = ['-t', String(pid), '-n', 'ip'];
  await run('nsenter', [...inside, 'link', 'set', 'lo', 'up']);
  await run('nsenter', [...inside, 'address', 'add', `${address}/16`, 'dev', 'eth0']);
  await run('nsenter', [...inside, 'link', 'set', 'eth0', 'up']);
}

/** Whether anything listens in the network namespace of process `pid`, on TCP or UDP. */
export async function isListening(pid: number): Promise<boolean> {
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  const [tcp = '', tcp6 = '', ...udp] = tables;
  const isTcp = [tcp, tcp6].some((table) => / 0A /.test(table));
  return isTcp || udp.some((table) => table.trim().split('\n').length > 1);
}
