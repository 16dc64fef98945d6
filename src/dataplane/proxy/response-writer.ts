import { FieldKind } from '../http1/field-kind.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ExchangeClient } from './exchange-client.ts';

const LAST_CHUNK = '0\r\n\r\n';

/** Puts one answer on the client's connection in the framing that its version of HTTP has. */
export class ResponseWriter {
  readonly #request: RequestHead;
  readonly #client: ExchangeClient;
  /** A head was written. */
  hasBegun = false;
  /** The client may send another request after the answer. */
  persists = false;
  #addsChunks = false;

  constructor(request: RequestHead, client: ExchangeClient) {
    this.#request = request;
    this.#client = client;
  }

  /** Decides what becomes of the connection and returns the lines that tell the client. */
  begin(mayPersist: boolean): string {
    const { isHttp10, connection } = this.#request;
    this.hasBegun = true;
    this.persists = mayPersist && !this.#client.isClosing && !connection.close && (!isHttp10 || connection.keepAlive);
    if (!this.persists) return 'Connection: close\r\n';
    return isHttp10 ? 'Connection: keep-alive\r\n' : '';
  }

  /** @param isLast The connection ends with this answer. `false`: the client is behind. */
  writeHead(head: ResponseHead, body: Buffer | undefined, isLast: boolean): boolean {
    const { type } = head.framing;
    const { isHttp10 } = this.#request;
    this.#addsChunks = type === 'UntilClose' && !isHttp10;
    if (isHttp10) head.headers.dropKind(FieldKind.TransferEncoding);
    const endsWithConnection = isHttp10 && (type === 'UntilClose' || type === 'Chunked');
    const lines = this.begin(!isLast && !endsWithConnection);
    if (!this.#addsChunks) return this.#client.send(`${head.render()}${lines}\r\n`, body);
    const isRoomy = this.#client.send(`${head.render()}${lines}Transfer-Encoding: chunked\r\n\r\n`, undefined);
    return body === undefined ? isRoomy : this.writeBody(body);
  }

  /** `false`: the client is behind. */
  writeBody(bytes: Buffer): boolean {
    if (!this.#addsChunks) return bytes.length === 0 || this.#client.sendBody(bytes);
    // A body that ended with the backend's connection ends with an empty span.
    if (bytes.length === 0) return this.#client.send(LAST_CHUNK, undefined);
    this.#client.send(`${bytes.length.toString(16)}\r\n`, bytes);
    return this.#client.send('\r\n', undefined);
  }
}
