import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scanManifests } from './scan-manifests.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-scan-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), name);
}

async function namesOf(...paths: string[]): Promise<readonly string[]> {
  const { files } = await scanManifests(paths.map((path) => join(root, path)));
  return files.map(({ path }) => path.slice(root.length + 1));
}

describe('scanManifests', () => {
  test('takes YAML and JSON of a directory and of those below it, by name', async () => {
    ['b.yaml', 'a.yml', 'c.json', 'notes.md', 'deep/d.yaml', '.git/e.yaml', '.f.yaml'].forEach(write);
    expect(await namesOf('.')).toEqual(['a.yml', 'b.yaml', 'c.json', 'deep/d.yaml']);
  });

  test('links that lead in a circle end', async () => {
    write('deep/a.yaml');
    symlinkSync(root, join(root, 'deep', 'circle'));
    expect(await namesOf('.')).toEqual(['deep/a.yaml']);
  });

  test('takes a file whatever its name', async () => {
    write('manifest.txt');
    expect(await namesOf('manifest.txt')).toEqual(['manifest.txt']);
  });

  test('a path that is gone holds nothing, and its directory is watched', async () => {
    expect(await scanManifests([join(root, 'gone.yaml')])).toEqual({ files: [], refused: [], directories: [root] });
  });

  test('refuses a directory with a Kustomization and names the command to use', async () => {
    ['ok.yaml', 'kust/kustomization.yaml', 'kust/gateway.yaml', 'kust/patches/patch.yaml'].forEach(write);
    const { files, refused } = await scanManifests([root]);
    expect(files.map(({ path }) => path)).toEqual([join(root, 'ok.yaml')]);
    const directory = join(root, 'kust');
    expect(refused).toEqual([
      {
        path: directory,
        message: `A Kustomization must be built first. Run: kubectl kustomize ${directory} | sallyport serve -`,
      },
    ]);
  });
});
