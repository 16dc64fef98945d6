import { type BodyFraming, CHUNKED_BODY } from './body-reader.ts';
import { equalsLower, FieldKind } from './field-kind.ts';
import type { HeadFields } from './head-fields.ts';

/** How often each field that steers a message comes, and where; filled anew for each head. */
export class FieldCounts {
  host = 0;
  hostAt = 0;
  contentLength = 0;
  contentLengthAt = 0;
  transferEncoding = 0;
  transferEncodingAt = 0;
  connection = 0;
  upgrade = 0;
  upgradeAt = 0;
  expect = 0;
  expectAt = 0;
  /** `X-Forwarded-*` and `X-Request-ID`. */
  forwarding = 0;
  keepAlive = 0;
  keepAliveAt = 0;

  count(fields: HeadFields): void {
    this.host = this.contentLength = this.transferEncoding = this.connection = this.upgrade = this.expect = 0;
    this.forwarding = this.keepAlive = 0;
    for (let index = 0; index < fields.count; index++) {
      const kind = fields.kind(index);
      if (kind !== FieldKind.Other) this.#add(kind, index);
    }
  }

  #add(kind: FieldKind, index: number): void {
    switch (kind) {
      case FieldKind.Host:
        this.host += 1;
        this.hostAt = index;
        break;
      case FieldKind.ContentLength:
        this.contentLength += 1;
        this.contentLengthAt = index;
        break;
      case FieldKind.TransferEncoding:
        this.transferEncoding += 1;
        this.transferEncodingAt = index;
        break;
      case FieldKind.Connection:
        this.connection += 1;
        break;
      case FieldKind.Upgrade:
        this.upgrade += 1;
        this.upgradeAt = index;
        break;
      case FieldKind.Expect:
        this.expect += 1;
        this.expectAt = index;
        break;
      case FieldKind.KeepAlive:
        this.keepAlive += 1;
        this.keepAliveAt = index;
        break;
      case FieldKind.RequestId:
      case FieldKind.ForwardedFor:
      case FieldKind.ForwardedProto:
      case FieldKind.ForwardedHost:
        this.forwarding += 1;
        break;
      default:
    }
  }
}

/** Fifteen digits stay below 2^53. */
const LENGTH = /^[0-9]{1,15}$/;

/**
 * The framing that the fields declare: `undefined` if none does, `Malformed` for everything that two parsers could read
 * differently: both fields, a repeated field, a list, a sign, any coding but `chunked` alone.
 */
export function declaredFraming(fields: HeadFields, counts: FieldCounts): BodyFraming | 'Malformed' | undefined {
  if (counts.contentLength === 0 && counts.transferEncoding === 0) return undefined;
  if (counts.contentLength + counts.transferEncoding !== 1) return 'Malformed';
  if (counts.contentLength === 1) {
    const length = fields.value(counts.contentLengthAt);
    return LENGTH.test(length) ? { type: 'Length', bytes: Number(length) } : 'Malformed';
  }
  const coding = fields.value(counts.transferEncodingAt);
  return coding.length === 7 && equalsLower(coding, 0, 'chunked') ? CHUNKED_BODY : 'Malformed';
}
