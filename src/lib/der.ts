/** Writes ASN.1 values in DER (ITU-T X.690), as far as certificates need them. */

const CONSTRUCTED = 0x20;
const CONTEXT = 0x80;

/** A value with a tag of one byte. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf({ length }: Uint8Array): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** SEQUENCE. */
export function sequence(...members: readonly Uint8Array[]): Buffer {
  return der(0x10 | CONSTRUCTED, ...members);
}

/** SET of one member. */
export function setOf(member: Uint8Array): Buffer {
  return der(0x11 | CONSTRUCTED, member);
}

/** An explicitly tagged member of a structure. */
export function explicit(tag: number, member: Uint8Array): Buffer {
  return der(CONTEXT | CONSTRUCTED | tag, member);
}

/** An implicitly tagged member of a structure that is not itself structured. */
export function implicit(tag: number, content: Uint8Array): Buffer {
  return der(CONTEXT | tag, content);
}

/** BOOLEAN TRUE; FALSE is mostly a default, which DER leaves out. */
export const TRUE = der(0x01, Buffer.from([0xff]));

/** INTEGER of big-endian bytes in two's complement; the caller sees to it that no leading byte is superfluous. */
export function integer(bytes: Uint8Array): Buffer {
  return der(0x02, bytes);
}

/** BIT STRING whose last byte has so many unused bits. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes);
}

/** OCTET STRING. */
export function octetString(bytes: Uint8Array): Buffer {
  return der(0x04, bytes);
}

/** UTF8String. */
export function utf8String(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

/** OBJECT IDENTIFIER, as `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}

/** RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on. */
export function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}
