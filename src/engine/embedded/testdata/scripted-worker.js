// A worker that keeps the protocol and nothing else. A rule's id tells it how to answer a delta; to a connection it
// tells its process id and the rules it holds.
import { createServer } from 'node:net';

const rules = new Set();
const servers = new Map();
const say = (message) => process.connected && process.send(message);

function applyDelta({ sequence, delta }) {
  const ids = delta.rules.map(({ id }) => id);
  if (ids.includes('reject')) return say({ type: 'Rejected', sequence, message: 'This rule is refused.' });
  if (ids.includes('crash')) process.exit(3);
  if (ids.includes('hang')) return;
  for (const id of ids) rules.add(id);
  for (const id of delta.removedRules) rules.delete(id);
  say({ type: 'Applied', sequence });
}

function listen(socket, handle) {
  const server = createServer((connection) => connection.end(`${process.pid} ${[...rules].join()}`));
  server.on('error', ({ code }) => say({ type: 'Listening', socket, error: code }));
  server.listen(handle, () => say({ type: 'Listening', socket }));
  servers.set(socket, server);
}

process.on('message', (message, handle) => {
  if (message.type === 'Delta') applyDelta(message);
  if (message.type === 'Listen') listen(message.socket, handle);
  if (message.type === 'Unlisten') servers.get(message.socket)?.close();
  if (message.type === 'Drain') process.exit(0);
  if (message.type === 'ReadMetrics') {
    const counters = [{ name: 'requests', labels: {}, value: 1 }];
    say({ type: 'Metrics', request: message.request, metrics: { counters, residentBytes: 1, openConnections: 0 } });
  }
});
process.on('disconnect', () => process.exit(0));
say({ type: 'Ready' });
