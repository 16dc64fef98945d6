import { generateKeyPair, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import {
  bitString,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  time,
  TRUE,
  utf8String,
} from '../lib/der.ts';

/** PEM texts of a server's certificate and key, and of the authority that clients trust. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly privateKey: string;
  readonly authority: string;
}

interface CertificateRequest {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  /** Of the issuer. */
  readonly signingKey: KeyObject;
  readonly nowMs: number;
  readonly extensions: readonly Buffer[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFETIME_MS = 10 * 365 * DAY_MS;

const AUTHORITY = 'sallyport-ca';
const SERVER = 'sallyport-apiserver';

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = objectIdentifier('2.5.4.3');
const SERVER_AUTH = objectIdentifier('1.3.6.1.5.5.7.3.1');
/** Version 3 is written as 2. */
const VERSION_3 = explicit(0, integer(Buffer.from([2])));

/** RFC 5280 section 4.2.1.3: bit 0 is the highest of the byte. */
const DIGITAL_SIGNATURE = bitString(Buffer.from([0b1000_0000]), 7);
const KEY_CERT_SIGN_AND_CRL_SIGN = bitString(Buffer.from([0b0000_0110]), 1);

/**
 * Makes an authority and a certificate for `addresses` signed by it. Both live as long as the process; the authority's key
 * is thrown away, so nobody can make a second certificate that the kubeconfig trusts. Written by hand, as the libraries that
 * do it take longer to load than the rest of the program.
 */
export async function makeServerCertificate(addresses: readonly string[], nowMs: number): Promise<ServerCertificate> {
  const [authorityKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const common = { issuer: AUTHORITY, signingKey: authorityKeys.privateKey, nowMs };
  const authority = certificate({
    ...common,
    subject: AUTHORITY,
    publicKey: authorityKeys.publicKey,
    extensions: [
      criticalExtension('2.5.29.19', sequence(TRUE)),
      criticalExtension('2.5.29.15', KEY_CERT_SIGN_AND_CRL_SIGN),
    ],
  });
  const server = certificate({
    ...common,
    subject: SERVER,
    publicKey: serverKeys.publicKey,
    extensions: [
      criticalExtension('2.5.29.15', DIGITAL_SIGNATURE),
      extension('2.5.29.37', sequence(SERVER_AUTH)),
      extension('2.5.29.17', sequence(...addresses.map(alternativeName))),
    ],
  });
  return {
    certificate: pem(server),
    privateKey: serverKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    authority: pem(authority),
  };
}

function generateKeys(): Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
}

/** RFC 5280 section 4.1. */
function certificate({ subject, issuer, publicKey, signingKey, nowMs, extensions }: CertificateRequest): Buffer {
  const toBeSigned = sequence(
    VERSION_3,
    integer(serialNumber()),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer),
    sequence(time(nowMs - DAY_MS), time(nowMs + LIFETIME_MS)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  return sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(sign('sha256', toBeSigned, signingKey)));
}

/** RFC 5280 section 4.1.2.2: a positive number of at most 20 octets. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(setOf(sequence(COMMON_NAME, utf8String(commonName))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(id), octetString(value));
}

function criticalExtension(id: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(id), TRUE, octetString(value));
}

/** RFC 5280 section 4.2.1.6: a dNSName, or an iPAddress of 4 or 16 bytes. */
function alternativeName(address: string): Buffer {
  return isIP(address) === 0 ? implicit(2, Buffer.from(address)) : implicit(7, addressBytes(address));
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  // URL writes an address without dots; what `::` stands for is what is missing of eight groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [front, back] = [groupsOf(head), groupsOf(tail ?? '')];
  const middle = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return Buffer.from([...front, ...middle, ...back].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
