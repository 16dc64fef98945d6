import { describe, expect, test } from 'vitest';
import { AddressPool } from './address-pool.ts';

describe('an address pool', () => {
  test('gives a name the same address in every process', () => {
    expect(new AddressPool('127.64.0.0/16').acquire('default/web')).toBe(
      new AddressPool('127.64.0.0/16').acquire('default/web'),
    );
  });

  test('gives every name another address', () => {
    const pool = new AddressPool('127.64.7.0/28');
    const addresses = Array.from({ length: 16 }, (_, index) => pool.acquire(`default/gateway-${index}`));
    expect(new Set(addresses).size).toBe(16);
    expect(addresses.every((address) => address?.startsWith('127.64.7.'))).toBe(true);
  });

  test('is exhausted once every address is taken, and takes back what is released', () => {
    const pool = new AddressPool('127.64.7.9/32');
    expect(pool.acquire('one')).toBe('127.64.7.9');
    expect(pool.acquire('two')).toBeUndefined();
    pool.release('one');
    expect(pool.acquire('two')).toBe('127.64.7.9');
  });

  test('leaves localhost and the addresses of systemd-resolved alone', () => {
    const pool = new AddressPool('127.0.0.0/26');
    const addresses = Array.from({ length: 60 }, (_, index) => pool.acquire(String(index)));
    expect(addresses).not.toContain('127.0.0.1');
    expect(addresses).not.toContain('127.0.0.53');
    expect(addresses).not.toContain(undefined);
  });

  test.each(['127.0.0.1', '::1/128', '127.0.0.0/33', 'pool', '127.0.0.0/-1'])('refuses %s', (cidr) => {
    expect(() => new AddressPool(cidr)).toThrow('is not an IPv4 address pool');
  });
});
