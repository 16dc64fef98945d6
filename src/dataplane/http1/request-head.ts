import type { ProxyErrorCode } from '../errors.ts';
import type { RequestView } from '../exchange.ts';
import { type BodyFraming, NO_BODY } from './body-reader.ts';
import { type ConnectionOptions, readConnectionOptions } from './connection-options.ts';
import { declaredFraming, FieldCounts } from './field-counts.ts';
import { equalsLower, FieldKind } from './field-kind.ts';
import { HeadFields } from './head-fields.ts';
import type { HeadScanner } from './head-scanner.ts';
import { matchPath } from './match-path.ts';

/** A request as it came, checked; routing and filters see and edit it through `RequestView`. */
export class RequestHead implements RequestView {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly host: string;
  readonly matchPath: string;
  path: string;
  readonly query: string;
  readonly headers: HeadFields;
  /** As it came. */
  readonly originalPath: string;
  readonly isHttp10: boolean;
  /** The target came as an absolute URI, or the version is not the one that is forwarded. */
  readonly needsStartLine: boolean;
  readonly framing: BodyFraming;
  readonly connection: ConnectionOptions;
  /** What the client asks to switch to; undefined: nothing. */
  readonly upgrade: string | undefined;
  /** `X-Forwarded-*` and `X-Request-ID` were added to the fields. */
  isForwardingComplete = false;

  constructor(parts: RequestParts) {
    this.method = parts.method;
    this.scheme = parts.scheme;
    this.authority = parts.authority;
    this.host = parts.host;
    this.matchPath = parts.matchPath;
    this.path = parts.path;
    this.query = parts.query;
    this.headers = parts.headers;
    this.originalPath = parts.path;
    this.isHttp10 = parts.isHttp10;
    this.needsStartLine = parts.needsStartLine;
    this.framing = parts.framing;
    this.connection = parts.connection;
    this.upgrade = parts.upgrade;
  }

  /** Start line and fields as they go to a backend, without the empty line. */
  render(): string {
    if (!this.needsStartLine && this.path === this.originalPath) return this.headers.renderWithStartLine();
    return `${this.method} ${this.path}${this.query} HTTP/1.1\r\n${this.headers.renderLines()}`;
  }
}

interface RequestParts {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly authority: string;
  readonly host: string;
  readonly matchPath: string;
  readonly path: string;
  readonly query: string;
  readonly headers: HeadFields;
  readonly isHttp10: boolean;
  readonly needsStartLine: boolean;
  readonly framing: BodyFraming;
  readonly connection: ConnectionOptions;
  readonly upgrade: string | undefined;
}

interface Target {
  /** Of an absolute URI. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string;
}

const VERSION = /^HTTP\/[0-9]\.[0-9]$/;
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible ASCII but `#`: a fragment is never sent, and servers differ in what they make of one. */
const TARGET = /^[!"$-~]+$/;
const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/i;
const AUTHORITY = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

/** Reads the request heads of one connection. Repeated work, such as checking the same Host, is done once. */
export class RequestHeadReader {
  readonly #scanner: HeadScanner;
  readonly #fields: HeadFields;
  readonly #counts = new FieldCounts();
  readonly #scheme: 'http' | 'https';
  #lastAuthority: string | undefined;
  #lastHost = '';

  constructor(scanner: HeadScanner, scheme: 'http' | 'https') {
    this.#scanner = scanner;
    this.#fields = new HeadFields(scanner);
    this.#scheme = scheme;
  }

  /** Whether the head before had `X-Forwarded-*` or `X-Request-ID`. */
  get hasForwardingFields(): boolean {
    return this.#counts.forwarding > 0;
  }

  /** The request in `text`, the latin1 form of what the scanner found, or why it is refused. */
  read(text: string): RequestHead | ProxyErrorCode {
    const start = this.#scanner.startLineStart;
    const end = this.#scanner.startLineEnd;
    const methodEnd = text.indexOf(' ', start);
    const targetEnd = text.indexOf(' ', methodEnd + 1);
    if (methodEnd < 0 || targetEnd < 0 || targetEnd > end) return 'BadRequest';
    const method = text.substring(start, methodEnd);
    const version = text.substring(targetEnd + 1, end);
    if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0')
      return VERSION.test(version) ? 'VersionNotSupported' : 'BadRequest';
    const target = readTarget(text.substring(methodEnd + 1, targetEnd));
    if (target === undefined || (method !== 'GET' && !METHOD.test(method)) || method === 'CONNECT') return 'BadRequest';
    this.#fields.load(text);
    this.#counts.count(this.#fields);
    return this.#check(method, target, version === 'HTTP/1.0');
  }

  #check(method: string, target: Target, isHttp10: boolean): RequestHead | ProxyErrorCode {
    const fields = this.#fields;
    const counts = this.#counts;
    const authority = this.#authority(target, isHttp10);
    const path = matchPath(target.path);
    const framing = declaredFraming(fields, counts) ?? NO_BODY;
    const connection = readConnectionOptions(fields, counts.connection);
    if (authority === undefined || path === undefined || framing === 'Malformed' || connection === undefined)
      return 'BadRequest';
    if (isHttp10 && framing.type === 'Chunked') return 'BadRequest';
    if (counts.expect > 0 && !this.#expectsContinue()) return 'ExpectationFailed';
    if (isHttp10) fields.dropKind(FieldKind.Expect);
    if (counts.host === 0) fields.add('Host', authority);
    return new RequestHead({
      method,
      scheme: this.#scheme,
      authority,
      host: this.#lastHost,
      matchPath: path,
      path: target.path,
      query: target.query,
      headers: fields,
      isHttp10,
      needsStartLine: isHttp10 || target.authority !== undefined,
      framing,
      connection,
      upgrade: connection.upgrade && !isHttp10 ? this.#upgrade() : undefined,
    });
  }

  #expectsContinue(): boolean {
    const value = this.#fields.value(this.#counts.expectAt);
    return this.#counts.expect === 1 && value.length === 12 && equalsLower(value, 0, '100-continue');
  }

  /**
   * An upgrade to cleartext HTTP/2 is not passed on: it would let a client speak to the backend past every route.
   * RFC 9110 section 7.8 lets a server ignore it.
   */
  #upgrade(): string | undefined {
    if (this.#counts.upgrade !== 1) return undefined;
    const token = this.#fields.value(this.#counts.upgradeAt);
    return token === '' || token.toLowerCase().includes('h2c') ? undefined : token;
  }

  #authority(target: Target, isHttp10: boolean): string | undefined {
    if (this.#counts.host === 0) return isHttp10 ? this.#accept(target.authority ?? '') : undefined;
    if (this.#counts.host !== 1) return undefined;
    const authority = this.#fields.value(this.#counts.hostAt);
    // RFC 9112 section 3.2.2 lets the target win; two names for one request are refused instead.
    if (target.authority !== undefined && target.authority.toLowerCase() !== authority.toLowerCase()) return undefined;
    return this.#accept(authority);
  }

  #accept(authority: string): string | undefined {
    if (authority === this.#lastAuthority && authority !== '') return authority;
    const isUnnamed = authority === '' && this.#counts.host === 0;
    if (!isUnnamed && !AUTHORITY.test(authority)) return undefined;
    this.#lastAuthority = authority;
    this.#lastHost = hostOf(authority);
    return authority;
  }
}

function readTarget(target: string): Target | undefined {
  if (!TARGET.test(target)) return undefined;
  if (target.charCodeAt(0) === 0x2f) return split(target, undefined);
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) return undefined;
  const [, authority = '', rest = ''] = absolute;
  if (!AUTHORITY.test(authority)) return undefined;
  return split(rest.startsWith('/') ? rest : `/${rest}`, authority);
}

function split(target: string, authority: string | undefined): Target {
  const at = target.indexOf('?');
  return at < 0
    ? { authority, path: target, query: '' }
    : { authority, path: target.substring(0, at), query: target.substring(at) };
}

/** Lower case, without port and trailing dot. */
function hostOf(authority: string): string {
  const colon = authority.endsWith(']') ? -1 : authority.lastIndexOf(':');
  const host = (colon < 0 ? authority : authority.substring(0, colon)).toLowerCase();
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
