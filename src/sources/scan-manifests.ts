import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SourceProblem } from './source-problem.ts';

/** A manifest file as read. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

/** What stands under the served paths at one moment. */
export interface ManifestScan {
  /** In the order of the given paths, and by name within a directory. */
  readonly files: readonly ManifestFile[];
  /** Files and directories that cannot be used. What they held before stays in effect, and all that is below them. */
  readonly refused: readonly SourceProblem[];
  /** Directories in which a change matters. */
  readonly directories: readonly string[];
}

interface Found {
  readonly files: ManifestFile[];
  readonly refused: SourceProblem[];
  readonly directories: string[];
  /** Directories by device and inode, so that links that lead in a circle end. */
  readonly visited: Set<string>;
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** Reads every manifest under `paths`, directories with all below them. Names that start with a dot are left out. */
export async function scanManifests(paths: readonly string[]): Promise<ManifestScan> {
  const found: Found = { files: [], refused: [], directories: [], visited: new Set() };
  for (const path of paths) await scanReadable(path, found, scanPath);
  const { files, refused, directories } = found;
  return { files, refused, directories };
}

async function scanPath(path: string, found: Found): Promise<void> {
  const info = await unlessGone(stat(path));
  if (info?.isDirectory()) return scanDirectory(path, found);
  // A file is watched through its directory: editors replace files, and the new one is not the one that was watched.
  found.directories.push(dirname(path));
  if (info === undefined) return;
  if (KUSTOMIZATION.test(basename(path))) found.refused.push(refuseKustomization(path, dirname(path)));
  else await readManifest(path, found);
}

/** What the user may not read is refused by itself, and the rest is served. */
async function scanReadable(path: string, found: Found, scan: (path: string, found: Found) => Promise<void>) {
  try {
    await scan(path, found);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    found.refused.push({ path, message: `It cannot be read: ${message}.` });
  }
}

async function scanDirectory(directory: string, found: Found): Promise<void> {
  const info = await unlessGone(stat(directory));
  if (info === undefined || found.visited.has(`${info.dev}:${info.ino}`)) return;
  found.visited.add(`${info.dev}:${info.ino}`);
  found.directories.push(directory);
  const names = ((await unlessGone(readdir(directory))) ?? []).filter((name) => !name.startsWith('.')).sort();
  const kustomization = names.find((name) => KUSTOMIZATION.test(name));
  if (kustomization !== undefined) {
    found.refused.push(refuseKustomization(directory, directory));
    return;
  }
  for (const name of names) {
    const path = join(directory, name);
    const entry = await unlessGone(stat(path));
    if (entry?.isDirectory()) await scanReadable(path, found, scanDirectory);
    else if (entry?.isFile() && MANIFEST.test(name)) await scanReadable(path, found, readManifest);
  }
}

async function readManifest(path: string, found: Found): Promise<void> {
  const text = await unlessGone(readFile(path, 'utf8'));
  if (text !== undefined) found.files.push({ path, text });
}

function refuseKustomization(path: string, directory: string): SourceProblem {
  return { path, message: kustomizationMessage(directory) };
}

/** What to do instead of serving a Kustomization: Sallyport does not build them, kubectl does. */
export function kustomizationMessage(directory: string): string {
  return `A Kustomization must be built first. Run: kubectl kustomize ${directory} | sallyport serve -`;
}

async function unlessGone<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
