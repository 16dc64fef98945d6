import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from './program.ts';

/** The command line with nothing written and the action of `serve` replaced by a record of what it would get. */
function parse(...args: readonly string[]) {
  const given: unknown[] = [];
  const program = createProgram();
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.action((...values: readonly unknown[]) => void given.push(...values.slice(0, -1)));
  }
  program.parse(args, { from: 'user' });
  return given;
}

describe('the command line', () => {
  test('serve without options has ports of its own and text output', () => {
    expect(parse('serve')).toEqual([
      [],
      { kubeconfigOut: '.sallyport/kubeconfig', apiPort: 0, adminPort: 0, output: 'text', portOffset: 0 },
    ]);
  });

  test('serve takes paths, standard input and repeated controller names', () => {
    const args = [
      'serve',
      'a.yaml',
      '-',
      '--controller-name',
      'a/b',
      '--controller-name',
      'c/d',
      '--port-offset',
      '8000',
    ];
    expect(parse(...args)).toEqual([
      ['a.yaml', '-'],
      expect.objectContaining({ controllerName: ['a/b', 'c/d'], portOffset: 8000 }),
    ]);
  });

  test('serve takes trusted proxies, blocks and addresses of both families', () => {
    const proxies = ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1'];
    expect(parse('serve', ...proxies.flatMap((proxy) => ['--trusted-proxy', proxy]))).toEqual([
      [],
      expect.objectContaining({ trustedProxy: proxies }),
    ]);
  });

  test('echo takes backends with IPv4 and IPv6 addresses', () => {
    expect(parse('echo', 'web=127.0.0.1:1', 'six=[::1]:2')).toEqual([
      [
        { name: 'web', address: '127.0.0.1', port: 1 },
        { name: 'six', address: '::1', port: 2 },
      ],
      {},
    ]);
  });

  test.each([
    { name: 'an unknown command', args: ['surve'] },
    { name: 'an unknown option', args: ['serve', '--prot', '1'] },
    { name: 'a port that is no number', args: ['serve', '--api-port', 'http'] },
    { name: 'a port that is too large', args: ['serve', '--admin-port', '65536'] },
    { name: 'no workers at all', args: ['serve', '--workers', '0'] },
    { name: 'an address that is none', args: ['serve', '--address', 'localhost'] },
    { name: 'a pool without a prefix', args: ['serve', '--address-pool', '127.1.0.0'] },
    { name: 'a trusted proxy that is a name', args: ['serve', '--trusted-proxy', 'lb.example.com'] },
    { name: 'a trusted block that is too long', args: ['serve', '--trusted-proxy', '10.0.0.0/33'] },
    { name: 'an address and a pool', args: ['serve', '--address', '127.0.0.1', '--address-pool', '127.1.0.0/16'] },
    { name: 'an unknown output format', args: ['serve', '-o', 'xml'] },
    { name: 'a backend without a port', args: ['echo', 'web=127.0.0.1'] },
  ])('$name is refused', ({ args }) => {
    expect(() => parse(...args)).toThrow(CommanderError);
  });
});
