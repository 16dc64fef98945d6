import { readFileSync } from 'node:fs';

/** The version of this package, as in its package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return parseVersion(JSON.parse(text));
}

function parseVersion(manifest: { readonly version?: unknown }): string {
  if (typeof manifest.version !== 'string') throw new Error('The package.json of Sallyport has no version.');
  return manifest.version;
}
