import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a test. */
export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

/** Makes a directory that nobody else uses. */
export function makeTemporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
