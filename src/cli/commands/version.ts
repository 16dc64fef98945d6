import { packageVersion } from '../version.ts';

/** Prints the version of Sallyport and of the Node that runs it. */
export function version(): void {
  process.stdout.write(`sallyport ${packageVersion()} (node ${process.versions.node})\n`);
}
