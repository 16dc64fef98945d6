import type { FromWorker, ToWorker } from '../engine/embedded/protocol.ts';
import { systemClock } from '../lib/clock.ts';
import { faultLog } from './fault-log.ts';
import { DEFAULT_PROXY_CONFIG } from './proxy/proxy-config.ts';
import { Worker } from './worker/worker.ts';

/** The process of a worker: connects the channel to the supervisor with a `Worker`. */

/** How long requests may take to finish when the supervisor is gone. */
const ORPHAN_GRACE_MS = 30_000;

let worker: Worker | undefined;

function say(message: FromWorker): void {
  // The callback takes errors of a channel that closes meanwhile; `disconnect` tells of it as well.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function endAfterDrain(graceMs: number): Promise<void> {
  await worker?.drain(graceMs);
  process.exit(0);
}

// Ctrl-C and service managers signal the whole group: it is the supervisor that ends workers, after draining them.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

process.on('message', (message: ToWorker, handle: unknown) => {
  switch (message.type) {
    case 'Start':
      worker = new Worker({
        clock: systemClock,
        config: { ...DEFAULT_PROXY_CONFIG, trustedProxies: message.trustedProxies },
        ticketKeys: Buffer.from(message.ticketKeys, 'base64'),
        say,
        onFault: faultLog(systemClock, (line) => void process.stderr.write(line)),
      });
      return;
    case 'Drain':
      return void endAfterDrain(message.graceMs);
    default:
      worker?.receive(message, handle);
  }
});

// The supervisor was killed: its successor needs the ports at once.
process.once('disconnect', () => void endAfterDrain(ORPHAN_GRACE_MS));

say({ type: 'Ready' });
