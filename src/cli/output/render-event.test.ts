import { expect, test } from 'vitest';
import type { SallyportEvent } from '../../controller/sallyport-event.ts';
import { renderEvent } from './render-event.ts';

const ref = { group: '', kind: 'Service', namespace: 'shop', name: 'web' };

test.each<{ name: string; event: SallyportEvent; level: string; message: string }>([
  {
    name: 'a problem stands at its place in the file',
    event: { type: 'Problem', path: 'a.yaml', line: 3, column: 5, message: 'It is wrong.' },
    level: 'error',
    message: 'a.yaml:3:5: It is wrong.',
  },
  {
    name: 'a problem of a whole file has no line',
    event: { type: 'Problem', path: 'a.yaml', message: 'It is wrong.' },
    level: 'error',
    message: 'a.yaml: It is wrong.',
  },
  {
    name: 'an object that is applied',
    event: { type: 'Applied', path: 'a.yaml', ref, outcome: 'Configured' },
    level: 'info',
    message: 'a.yaml: Service "shop/web" configured.',
  },
  {
    name: 'an object that is pruned',
    event: { type: 'Pruned', path: 'a.yaml', ref },
    level: 'info',
    message: 'a.yaml: Service "shop/web" is no longer there, deleted.',
  },
  {
    name: 'a warning of the API',
    event: { type: 'Warning', path: 'a.yaml', ref, message: 'It is deprecated.' },
    level: 'warning',
    message: 'a.yaml: It is deprecated.',
  },
  {
    name: 'a file that is mended',
    event: { type: 'Solved', path: 'a.yaml' },
    level: 'info',
    message: 'a.yaml: in order again.',
  },
  {
    name: 'the engine',
    event: { type: 'Engine', message: 'A worker is replaced.' },
    level: 'warning',
    message: 'A worker is replaced.',
  },
])('$name is told', ({ event, level, message }) => {
  expect(renderEvent(event)).toMatchObject({ level, message });
});
