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

interface NamedKind {
  readonly name: string;
  readonly kind: FieldKind;
}

const BY_LENGTH = byLength([
  { name: 'host', kind: FieldKind.Host },
  { name: 'content-length', kind: FieldKind.ContentLength },
  { name: 'transfer-encoding', kind: FieldKind.TransferEncoding },
  { name: 'expect', kind: FieldKind.Expect },
  { name: 'x-request-id', kind: FieldKind.RequestId },
  { name: 'x-forwarded-for', kind: FieldKind.ForwardedFor },
  { name: 'x-forwarded-proto', kind: FieldKind.ForwardedProto },
  { name: 'x-forwarded-host', kind: FieldKind.ForwardedHost },
  { name: 'connection', kind: FieldKind.Connection },
  { name: 'keep-alive', kind: FieldKind.KeepAlive },
  { name: 'proxy-connection', kind: FieldKind.ProxyConnection },
  { name: 'te', kind: FieldKind.Te },
  { name: 'upgrade', kind: FieldKind.Upgrade },
  { name: 'http2-settings', kind: FieldKind.Http2Settings },
]);

/** Every length up to the longest name has a list, so that a lookup never meets a hole. */
function byLength(kinds: readonly NamedKind[]): readonly (readonly NamedKind[])[] {
  const longest = Math.max(...kinds.map(({ name }) => name.length));
  return Array.from({ length: longest + 1 }, (_, length) => kinds.filter(({ name }) => name.length === length));
}

/** The kind of the field whose name is at `start` to `end` of `text`. */
export function fieldKind(text: string, start: number, end: number): FieldKind {
  const length = end - start;
  const candidates = length < BY_LENGTH.length ? BY_LENGTH[length] : undefined;
  if (candidates === undefined) return FieldKind.Other;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate !== undefined && equalsLower(text, start, candidate.name)) return candidate.kind;
  }
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
