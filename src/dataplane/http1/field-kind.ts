/**
 * The fields that the gateway itself reads, as small integers: what a field is, is asked once per field and then compared
 * as a number. Those from `FIRST_DROPPED` on are never forwarded as they came.
 */
export const FieldKind = {
  Other: 0,
  Host: 1,
  ContentLength: 2,
  TransferEncoding: 3,
  Expect: 4,
  RequestId: 5,
  ForwardedFor: 6,
  ForwardedProto: 7,
  ForwardedHost: 8,
  /** Kinds from here on concern one connection only (RFC 9110 section 7.6.1). */
  Connection: 16,
  KeepAlive: 17,
  ProxyConnection: 18,
  Te: 19,
  Upgrade: 20,
  Http2Settings: 21,
  /** Named by a `Connection` field. */
  NamedByConnection: 22,
  /** Taken away by a filter or by the gateway. */
  Removed: 23,
} as const;

/** One of the kinds. */
export type FieldKind = (typeof FieldKind)[keyof typeof FieldKind];

/** Kinds from this one on are left out when a head is rendered. */
export const FIRST_DROPPED = FieldKind.Connection;

const BY_LENGTH: readonly (readonly (readonly [name: string, kind: FieldKind])[] | undefined)[] = byLength([
  ['host', FieldKind.Host],
  ['content-length', FieldKind.ContentLength],
  ['transfer-encoding', FieldKind.TransferEncoding],
  ['expect', FieldKind.Expect],
  ['x-request-id', FieldKind.RequestId],
  ['x-forwarded-for', FieldKind.ForwardedFor],
  ['x-forwarded-proto', FieldKind.ForwardedProto],
  ['x-forwarded-host', FieldKind.ForwardedHost],
  ['connection', FieldKind.Connection],
  ['keep-alive', FieldKind.KeepAlive],
  ['proxy-connection', FieldKind.ProxyConnection],
  ['te', FieldKind.Te],
  ['upgrade', FieldKind.Upgrade],
  ['http2-settings', FieldKind.Http2Settings],
]);

function byLength(
  kinds: readonly (readonly [string, FieldKind])[],
): (readonly (readonly [string, FieldKind])[] | undefined)[] {
  const table: (readonly [string, FieldKind])[][] = [];
  for (const kind of kinds) (table[kind[0].length] ??= []).push(kind);
  return table;
}

/** The kind of the field whose name is at `start` to `end` of `text`. */
export function fieldKind(text: string, start: number, end: number): FieldKind {
  const candidates = BY_LENGTH[end - start];
  if (candidates === undefined) return FieldKind.Other;
  for (const [name, kind] of candidates) if (equalsLower(text, start, name)) return kind;
  return FieldKind.Other;
}

/** Whether the token at `start` of `text` is `lower`, which is in lower case, whatever its case. */
export function equalsLower(text: string, start: number, lower: string): boolean {
  for (let index = 0; index < lower.length; index++) {
    const code = text.charCodeAt(start + index);
    const wanted = lower.charCodeAt(index);
    if (code !== wanted && (code < 0x41 || code > 0x5a || code + 0x20 !== wanted)) return false;
  }
  return true;
}
