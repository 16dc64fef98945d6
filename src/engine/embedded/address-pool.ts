import { createHash } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';

/**
 * Gives every Gateway a loopback address of its own. The first candidate follows from the name, so that a Gateway
 * keeps its address across restarts; only where two names fall on one address the next free one is taken.
 */
export class AddressPool {
  readonly #first: number;
  readonly #size: number;
  readonly #byName = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** @param cidr An IPv4 block such as `127.64.0.0/16`. Throws if it is not one. */
  constructor(cidr: string) {
    const [address = '', prefixText = ''] = cidr.split('/');
    const prefix = /^\d{1,2}$/.test(prefixText) ? Number(prefixText) : Number.NaN;
    if (!isIPv4(address) || !(prefix >= 0 && prefix <= 32)) {
      throw new Error(`"${cidr}" is not an IPv4 address pool; write it as 127.64.0.0/16.`);
    }
    this.#size = 2 ** (32 - prefix);
    this.#first = Math.floor(toNumber(address) / this.#size) * this.#size;
  }

  /** The address of `name`; the same until it is released. Undefined: all are taken. */
  acquire(name: string): string | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const start = createHash('sha256').update(name).digest().readUInt32BE(0);
    const tries = Math.min(this.#size, this.#taken.size + RESERVED_COUNT + 1);
    for (let step = 0; step < tries; step++) {
      const address = toAddress(this.#first + ((start + step) % this.#size));
      if (this.#taken.has(address) || (this.#size > RESERVED_COUNT && reserved.check(address))) continue;
      this.#taken.add(address);
      this.#byName.set(name, address);
      return address;
    }
    return undefined;
  }

  /** Lets another name have the address. */
  release(name: string): void {
    const address = this.#byName.get(name);
    if (address === undefined) return;
    this.#byName.delete(name);
    this.#taken.delete(address);
  }
}

/** Addresses in 127.0.0.0/8 that other programs count on: localhost and systemd-resolved, and the block's ends. */
const reserved = new BlockList();
for (const address of ['127.0.0.0', '127.0.0.1', '127.0.0.53', '127.0.0.54', '127.255.255.255']) {
  reserved.addAddress(address);
}
const RESERVED_COUNT = 5;

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
