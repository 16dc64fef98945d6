import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
].map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));

describe('documentation', () => {
  test.each(pages)('every file that $name links to exists', ({ name, text }) => {
    const prose = text.replaceAll(/```[\s\S]*?```/g, '');
    const links = [...prose.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    expect(links.filter((target) => !existsSync(join(root, dirname(name), target)))).toEqual([]);
  });

  test('every page of docs is linked from its contents', () => {
    const contents = pages.find(({ name }) => name === join('docs', 'README.md'))?.text ?? '';
    const unlisted = pages
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`docs/`) && name !== 'docs/README.md' && !name.startsWith('docs/decisions/'));
    expect(unlisted.filter((name) => !contents.includes(`(${name.slice('docs/'.length)})`))).toEqual([]);
  });

  test('every example is in the list of examples', () => {
    const list = pages.find(({ name }) => name === join('examples', 'README.md'))?.text ?? '';
    const folders = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !list.includes(`(${name})`))).toEqual([]);
  });

  test('the layer table of ARCHITECTURE.md names every folder of src', () => {
    const text = pages.find(({ name }) => name === 'ARCHITECTURE.md')?.text ?? '';
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !text.includes(`\`${name}/\``))).toEqual([]);
  });
});
