import { expect, test } from 'vitest';
import type { BackendView } from '../analysis/topology.ts';
import { EndpointNotices } from './endpoint-notices.ts';

function backend(...ports: readonly number[]): BackendView {
  return {
    id: 'default/web:80',
    service: { group: '', kind: 'Service', namespace: 'default', name: 'web' },
    port: 80,
    protocol: 'HTTP/1.1',
    endpoints: ports.map((port) => ({ address: '10.0.0.1', port })),
    from: 'EndpointSlice',
  };
}

test('the loss of the last endpoint is told once, and so is the return of the first', () => {
  const notices = new EndpointNotices();
  const told = [backend(1), backend(), backend(), backend(2), backend(3)].flatMap((view) =>
    notices.after({ backends: [view], removedBackends: [] }),
  );
  expect(told).toMatchObject([
    { level: 'warning', message: expect.stringMatching(/^Service "default\/web" has no ready endpoint for port 80/) },
    { level: 'info', message: 'Service "default/web" has ready endpoints for port 80 again.' },
  ]);
});

test('a backend that nobody names any more is forgotten', () => {
  const notices = new EndpointNotices();
  notices.after({ backends: [backend()], removedBackends: [] });
  notices.after({ backends: [], removedBackends: ['default/web:80'] });
  expect(notices.after({ backends: [backend()], removedBackends: [] })).toHaveLength(1);
});
