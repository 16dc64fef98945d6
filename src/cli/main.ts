#!/usr/bin/env node
import { CommanderError } from 'commander';
import { UsageError } from '../lib/usage-error.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`sallyport: ${error.message}\n`);
  // Commander has written its message already; asking for help or the version is no mistake.
  else if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
}
