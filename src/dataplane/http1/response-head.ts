import type { ResponseView } from '../exchange.ts';
import { BODY_UNTIL_CLOSE, type BodyFraming, NO_BODY } from './body-reader.ts';
import { readConnectionOptions } from './connection-options.ts';
import { declaredFraming, FieldCounts } from './field-counts.ts';
import { FieldKind } from './field-kind.ts';
import { HeadFields } from './head-fields.ts';
import type { HeadScanner } from './head-scanner.ts';

/** An answer as it came from a backend, checked. Valid until the connection reads its next head. */
export class ResponseHead implements ResponseView {
  readonly statusCode: number;
  readonly headers: HeadFields;
  readonly framing: BodyFraming;
  /** The backend keeps the connection open after this answer. */
  readonly keepsAlive: boolean;
  /** For how long the backend says it keeps an idle connection, milliseconds. */
  readonly keepAliveMs: number | undefined;
  readonly #statusLine: string;

  constructor(statusLine: string, headers: HeadFields, end: ResponseEnd) {
    this.#statusLine = statusLine;
    this.statusCode = Number(statusLine.substring(9, 12));
    this.headers = headers;
    this.framing = end.framing;
    this.keepsAlive = end.keepsAlive;
    this.keepAliveMs = end.keepAliveMs;
  }

  /** Status line and fields to forward, without the empty line. */
  render(): string {
    return this.#statusLine.charCodeAt(7) === 0x31
      ? this.headers.renderWithStartLine()
      : `HTTP/1.1${this.#statusLine.substring(8)}\r\n${this.headers.renderLines()}`;
  }
}

interface ResponseEnd {
  readonly framing: BodyFraming;
  readonly keepsAlive: boolean;
  readonly keepAliveMs: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.[01] [1-5][0-9]{2}(?: |$)/;
const KEEP_ALIVE_TIMEOUT = /(?:^|[,\s])timeout=([0-9]{1,6})(?:$|[,\s])/i;

/** Reads the response heads of one connection to a backend, as strictly as requests. */
export class ResponseHeadReader {
  readonly #scanner: HeadScanner;
  readonly #fields: HeadFields;
  readonly #counts = new FieldCounts();

  constructor(scanner: HeadScanner) {
    this.#scanner = scanner;
    this.#fields = new HeadFields(scanner);
  }

  /** @param isForHead The request was `HEAD`: whatever is declared, no body follows. */
  read(text: string, isForHead: boolean): ResponseHead | undefined {
    const { startLineStart, startLineEnd } = this.#scanner;
    const line = text.substring(startLineStart, startLineEnd);
    if (startLineStart !== 0 || !STATUS_LINE.test(line)) return undefined;
    this.#fields.load(text);
    this.#counts.count(this.#fields);
    const statusCode = Number(line.substring(9, 12));
    const declared = declaredFraming(this.#fields, this.#counts);
    const options = readConnectionOptions(this.#fields, this.#counts.connection);
    if (declared === 'Malformed' || options === undefined) return undefined;
    const isHttp10 = line.charCodeAt(7) === 0x30;
    if (isHttp10 && declared?.type === 'Chunked') return undefined;
    const hasNoBody = isForHead || statusCode < 200 || statusCode === 204 || statusCode === 304;
    if (hasNoBody && !isForHead) this.#fields.dropKind(FieldKind.TransferEncoding);
    const framing = hasNoBody ? NO_BODY : (declared ?? BODY_UNTIL_CLOSE);
    return new ResponseHead(line, this.#fields, {
      framing,
      keepsAlive: !options.close && framing.type !== 'UntilClose' && (!isHttp10 || options.keepAlive),
      keepAliveMs: this.#counts.keepAlive === 1 ? this.#keepAliveMs() : undefined,
    });
  }

  #keepAliveMs(): number | undefined {
    const seconds = KEEP_ALIVE_TIMEOUT.exec(this.#fields.value(this.#counts.keepAliveAt))?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  }
}
