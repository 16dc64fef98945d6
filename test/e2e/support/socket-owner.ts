import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Which of `pids` holds the server's end of the TCP connection that comes from `clientPort`. Linux only. */
export function socketOwner(clientPort: number, serverPort: number, pids: readonly number[]): number | undefined {
  const link = `socket:[${inodeOf(serverPort, clientPort)}]`;
  return pids.find((pid) => linksOf(pid).includes(link));
}

/** `/proc/net/tcp`: local address, remote address, …, inode in the tenth column; ports are hexadecimal. */
function inodeOf(localPort: number, remotePort: number): string {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  const columns = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local?.endsWith(`:${hex(localPort)}`) && remote?.endsWith(`:${hex(remotePort)}`));
  return columns?.[9] ?? 'none';
}

function linksOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      return 'closed meanwhile';
    }
  });
}
