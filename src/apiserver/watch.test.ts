import { describe, expect, test } from 'vitest';
import { configMapKind } from '../api/core/config-map.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { ObjectStore } from '../store/object-store.ts';
import { KindRegistry } from './kind-registry.ts';
import { parseLabelSelector } from './selectors.ts';
import { WatchHub } from './watch.ts';
import type { WatchEvent, WatchOptions } from './watch.ts';

function startHub(eventCapacity = 100) {
  const clock = new ManualClock();
  const store = new ObjectStore({ eventCapacity });
  const registry = new KindRegistry();
  registry.register(configMapKind);
  const resource = registry.resource('', 'v1', 'configmaps');
  if (resource === undefined) throw new Error('ConfigMaps are not served.');
  const hub = new WatchHub(store, clock);
  const seen: string[] = [];
  const watch = (options: Partial<WatchOptions> = {}) =>
    hub.open({
      resource,
      namespace: '',
      sendInitialEvents: false,
      allowBookmarks: false,
      send: (event) => void seen.push(render(event)),
      ...options,
    });
  const put = (name: string, team = 'red', namespace = 'default') =>
    store.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: { team } } });
  const remove = (name: string) => store.remove({ group: '', kind: 'ConfigMap', namespace: 'default', name });
  return { clock, store, hub, seen, watch, put, remove };
}

function render(event: WatchEvent): string {
  if (event.type === 'BOOKMARK') return `BOOKMARK ${event.revision}${event.endsInitialEvents ? ' initial' : ''}`;
  if (event.type === 'ERROR') return 'ERROR';
  return `${event.type} ${event.object.metadata.name}@${event.object.metadata.resourceVersion}`;
}

describe('a watch', () => {
  test('without a revision begins with what is there', () => {
    const { watch, put, seen } = startHub();
    put('a');
    watch();
    put('b');
    expect(seen).toEqual(['ADDED a@2', 'ADDED b@3']);
  });

  test('from a revision begins with what was missed', () => {
    const { watch, put, remove, seen } = startHub();
    put('a');
    put('b');
    remove('a');
    watch({ revision: 2 });
    expect(seen).toEqual(['ADDED b@3', 'DELETED a@4']);
  });

  test('from a revision that is forgotten is told so, and nothing else', () => {
    const { watch, put, seen } = startHub(1);
    for (const name of ['a', 'b', 'c']) put(name);
    watch({ revision: 1 });
    put('d');
    expect(seen).toEqual(['ERROR']);
  });

  test('sees an object come and go as it begins and ends to match', () => {
    const { watch, put, remove, seen } = startHub();
    const filter = parseLabelSelector('team=red');
    watch({ revision: 1, ...(filter === undefined ? {} : { filter }) });
    put('a', 'blue');
    put('a', 'red');
    put('a', 'red');
    put('a', 'blue');
    remove('a');
    expect(seen).toEqual(['ADDED a@3', 'MODIFIED a@4', 'DELETED a@5']);
  });

  test('sees its own namespace only', () => {
    const { watch, put, seen } = startHub();
    watch({ namespace: 'team' });
    put('a');
    put('b', 'red', 'team');
    expect(seen).toEqual(['ADDED b@3']);
  });

  test('ends when it is closed', () => {
    const { watch, put, seen, clock } = startHub();
    const close = watch({ allowBookmarks: true });
    close();
    put('a');
    clock.advance(600_000);
    expect(seen).toEqual([]);
  });

  test('is told every minute how far it has come if it wants to know', () => {
    const { watch, put, seen, clock } = startHub();
    put('a');
    watch({ allowBookmarks: true, sendInitialEvents: true });
    clock.advance(60_000);
    put('b');
    clock.advance(60_000);
    expect(seen).toEqual(['ADDED a@2', 'BOOKMARK 2 initial', 'BOOKMARK 2', 'ADDED b@3', 'BOOKMARK 3']);
  });
});
