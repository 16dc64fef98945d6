#!/usr/bin/env node
import { CommanderError } from 'commander';
import { UsageError } from '../lib/usage-error.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`sallyport: ${error.message}\n`);
    // Servers may be running already; workers that lose their supervisor end by themselves.
    process.exit(2);
  }
  // Commander has written its message already; asking for help is no mistake.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
