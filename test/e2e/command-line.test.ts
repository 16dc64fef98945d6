import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEchoBackend } from './support/echo-backend.ts';
import { run } from './support/command.ts';
import { send } from './support/http-client.ts';
import { CLI, ServeProcess } from './support/serve-process.ts';
import { makeTemporaryDirectory } from './support/temporary-directory.ts';
import type { TemporaryDirectory } from './support/temporary-directory.ts';

let directory: TemporaryDirectory;
beforeEach(() => {
  directory = makeTemporaryDirectory();
});
afterEach(() => directory.remove());

function sallyport(...args: readonly string[]) {
  return run(process.execPath, [CLI, ...args], { cwd: directory.path });
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe('the command line', () => {
  test('tells its version', async () => {
    expect(await sallyport('version')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^sallyport \d+\.\d+\.\d+ /),
    });
  });

  test.each([
    { name: 'an unknown option', args: ['serve', '--prot', '1'], says: /unknown option '--prot'/ },
    {
      name: 'a path that does not exist',
      args: ['serve', 'missing.yaml'],
      says: /^sallyport: The path "missing\.yaml" does not exist\.\n$/,
    },
    {
      name: 'an address pool that is none',
      args: ['serve', '--address-pool', 'here'],
      says: /argument 'here' is invalid/,
    },
    {
      name: 'a kubeconfig that cannot be written',
      args: ['serve', '--kubeconfig-out', '/dev/null/x'],
      says: /^sallyport: .*--kubeconfig-out\.\n$/,
    },
  ])('$name is told in one line, with exit code 2 and no stack', async ({ args, says }) => {
    const { exitCode, stderr } = await sallyport(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('a port of the API or of the admin server that is taken is named with the option to use', async () => {
    const taken = await startEchoBackend('taken');
    try {
      for (const option of ['--api-port', '--admin-port']) {
        const { exitCode, stderr } = await sallyport('serve', option, String(taken.port));
        expect(exitCode).toBe(2);
        expect(stderr).toMatch(new RegExp(`^sallyport: Port ${taken.port} .*${option}\\.\\n$`));
      }
    } finally {
      await taken.close();
    }
  });

  test('output as text is one line for each change', async () => {
    writeFileSync(join(directory.path, 'broken.yaml'), 'kind: [');
    const serve = new ServeProcess(['serve', 'broken.yaml', '--workers=1'], { cwd: directory.path });
    await serve.event(({ message }) => /^Sallyport .* is ready after \d+ ms\.$/.test(message), 'Ready');
    expect(serve.events.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^error: broken\.yaml:1:8: /),
    );
    await serve.stop();
    expect(await serve.exited).toBe(0);
  });
});

describe('the quickstart', () => {
  test('serves two backends on the port that it is given, and says what to try', async () => {
    const port = await freePort();
    const serve = new ServeProcess(['quickstart', `--port=${port}`, '--workers=1'], { cwd: directory.path });
    try {
      await serve.event(({ message }) => message.includes('Ctrl-C drains and ends.'), 'what to try');
      const told = serve.events.map(({ message }) => message).join('\n');
      expect(told).toContain(`curl http://127.0.0.1:${port}/`);
      expect(told).toContain(`export KUBECONFIG=${join(directory.path, '.sallyport', 'kubeconfig')}`);
      const url = `http://127.0.0.1:${port}/`;
      const answers = await Promise.all(Array.from({ length: 200 }, () => send({ address: '127.0.0.1', port, url })));
      const canaries = answers.filter(({ echo }) => echo?.backend === 'canary').length;
      expect(canaries / answers.length).toBeCloseTo(0.2, 0);
      const asked = await send({ address: '127.0.0.1', port, url, headers: { 'x-canary': 'always' } });
      expect(asked.echo?.backend).toBe('canary');
    } finally {
      await serve.stop();
    }
  });

  test('says which port it cannot have, and how to choose another', async () => {
    const taken = await startEchoBackend('taken');
    try {
      const { exitCode, stderr } = await sallyport('quickstart', `--port=${taken.port}`, '--workers=1');
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: `sallyport: Port ${taken.port} cannot be used. Choose another: npm start -- --port 9090\n`,
      });
    } finally {
      await taken.close();
    }
  });
});
