import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createProgram } from '../src/cli/program.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/cli.md', import.meta.url)), 'utf8');
const program = createProgram().configureHelp({ helpWidth: 100, showGlobalOptions: false });

/** The first block of code below the heading of a command. */
function shownHelp(heading: string): string | undefined {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  return section === undefined ? undefined : /```text\n([\s\S]*?)```/.exec(section)?.[1];
}

const commands = [
  { heading: '`sallyport`', help: program.helpInformation() },
  ...program.commands.map((command) => ({
    heading: `\`sallyport ${command.name()}\``,
    help: command.configureHelp({ helpWidth: 100 }).helpInformation(),
  })),
];

test.each(commands)('docs/cli.md shows the help of $heading as it is', ({ heading, help }) => {
  expect(shownHelp(heading)).toBe(help);
});

test('docs/cli.md shows no command that does not exist', () => {
  const headings = [...page.matchAll(/^## (`sallyport[^`]*`)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(commands.map(({ heading }) => heading));
});
