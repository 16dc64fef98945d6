import { createServer } from 'node:net';
import type { Server } from 'node:net';

/** A /24 of loopback addresses that no other test of this machine uses while it is held. */
export interface LoopbackRange {
  readonly cidr: string;
  release(): Promise<void>;
}

/** Ranges lie in 127.65.0.0 to 127.254.255.0: clear of 127.0.0.1 and of the default pool, 127.64.0.0/16. */
const RANGES = 190 * 256;
const FIRST_SECOND_OCTET = 65;
/** A port on the last address of a range: whoever listens there holds the range. */
const CLAIM_PORT = 48_127;
let claims = 0;

/** Takes a range by a socket on its last address, so that files, workers and whole runs side by side never meet. */
export async function claimLoopbackRange(): Promise<LoopbackRange> {
  for (let attempt = 0; attempt < RANGES; attempt += 1) {
    const index = (process.pid * 31 + claims++) % RANGES;
    const prefix = `127.${FIRST_SECOND_OCTET + Math.floor(index / 256)}.${index % 256}`;
    const claim = await listenIfFree(`${prefix}.254`);
    if (claim !== undefined) return { cidr: `${prefix}.0/24`, release: () => close(claim) };
  }
  throw new Error('Every loopback range is taken.');
}

function listenIfFree(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(CLAIM_PORT, address, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
