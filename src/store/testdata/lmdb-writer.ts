import { writeSync } from 'node:fs';
import { LmdbPersistence } from '../lmdb-persistence.ts';
import { ObjectStore } from '../object-store.ts';

const [directory = ''] = process.argv.slice(2);
const store = new ObjectStore({ persistence: LmdbPersistence.open(directory) });

/** Eight writers at once, so that writes are under way whenever the process is killed. */
async function write(writer: number): Promise<void> {
  for (let count = 0; ; count++) {
    const name = `w${writer}-${count}`;
    store.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
    writeSync(1, `wrote ${store.revision}\n`);
    await store.whenDurable();
    writeSync(1, `acknowledged ${name}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
