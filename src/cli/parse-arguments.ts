import { isIP, isIPv4 } from 'node:net';
import { InvalidArgumentError } from 'commander';

/** A backend to start: what it calls itself, and where it listens. */
export interface EchoEndpoint {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** A TCP port; 0 stands for any free one. */
export function parsePort(text: string): number {
  return parseWhole(text, { least: 0, most: 65_535 });
}

/** What is added to the ports of listeners. */
export function parsePortOffset(text: string): number {
  return parseWhole(text, { least: 0, most: 65_534 });
}

/** An IPv4 block such as `127.64.0.0/16`. */
export function parseAddressPool(text: string): string {
  const [address = '', prefix = ''] = text.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) {
    throw new InvalidArgumentError('Write it as 127.64.0.0/16.');
  }
  return text;
}

/** An IPv4 or IPv6 address, or a block of them such as `10.0.0.0/8`. */
export function parseAddressBlock(text: string): string {
  const [, address = '', prefix = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) {
    throw new InvalidArgumentError('Write it as 10.0.0.0/8 or as an address.');
  }
  return text;
}

/** A number of processes. */
export function parseCount(text: string): number {
  return parseWhole(text, { least: 1, most: 1_024 });
}

/** An IPv4 or IPv6 address. */
export function parseIpAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('It is not an IP address.');
  return text;
}

/** An output format; `-o=json`, as kubectl takes it, is understood as well. */
export function parseFormat(text: string): 'text' | 'json' {
  const format = text.replace(/^=/, '');
  if (format !== 'text' && format !== 'json') throw new InvalidArgumentError('It must be text or json.');
  return format;
}

/** `NAME=ADDRESS:PORT`; an IPv6 address stands in brackets. */
export function parseEndpoint(text: string): EchoEndpoint {
  const [, name, bracketed, plain, port] = /^([^=]+)=(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (name === undefined || address === undefined || port === undefined) {
    throw new InvalidArgumentError('Write it as NAME=ADDRESS:PORT.');
  }
  return { name, address: parseIpAddress(address), port: parsePort(port) };
}

function parseWhole(text: string, { least, most }: { readonly least: number; readonly most: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  }
  return value;
}
