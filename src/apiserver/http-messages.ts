import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { parseDocument } from 'yaml';
import { jsonDataProblem } from '../lib/json-data.ts';
import { ApiError } from '../store/api-error.ts';
import { parseProtobufBody } from './protobuf-body.ts';
import { badRequest, bodyTooLarge } from './status-errors.ts';

/** A request to the API, its body not read yet. */
export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON, whether it came as JSON or YAML; undefined if there is none. */
  readBody(): Promise<unknown>;
}

/** What the API answers: one document, or a stream of them. */
export type ApiResponse =
  | {
      readonly type: 'Document';
      readonly code: number;
      /** Sent as JSON, unless it is a string or bytes: those are sent as they are. */
      readonly body: unknown;
      readonly contentType?: string;
      readonly warnings?: readonly string[];
    }
  | {
      readonly type: 'Stream';
      /** Starts sending documents, one a line. The returned function is called when the client is gone. */
      open(stream: DocumentStream): () => void;
    };

/** Where a stream of documents goes. */
export interface DocumentStream {
  send(document: unknown): void;
  /** Ends the answer; the client may ask again. */
  end(): void;
}

// A CRD bundle's largest object has half a MiB; etcd's own limit is 1.5 MiB.
const MAX_BODY_BYTES = 8 * 1024 * 1024;
// A client that reads its watch this slowly is cut off rather than buffered for; it will list and watch anew.
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** Reads a request line and headers. */
export function parseRequest(message: IncomingMessage): ApiRequest {
  const target = message.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: question === -1 ? target : target.slice(0, question),
    query: new URLSearchParams(question === -1 ? '' : target.slice(question + 1)),
    headers: message.headers,
    readBody: () => readBody(message),
  };
}

async function readBody(message: IncomingMessage): Promise<unknown> {
  const body = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) reject(bodyTooLarge(MAX_BODY_BYTES));
      else chunks.push(chunk);
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', reject);
  });
  return body.length === 0 ? undefined : parseBody(body, message.headers['content-type']);
}

function parseBody(body: Buffer, contentType = 'application/json'): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/vnd.kubernetes.protobuf') return parseProtobufBody(body);
  const value = parseText(body.toString(), type.endsWith('yaml'));
  const problem = jsonDataProblem(value);
  if (problem !== undefined) throw badRequest(`the body cannot be taken as JSON: ${problem}`);
  return value;
}

function parseText(text: string, isYaml: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!isYaml) throw badRequest(error instanceof Error ? error.message : 'the body is not JSON');
  }
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS();
  } catch (error) {
    // Aliases that do not resolve, or that would expand without bound, are found only on the way out.
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes the answer. */
export function sendResponse(response: ServerResponse, answer: ApiResponse): void {
  if (answer.type === 'Stream') return sendStream(response, answer);
  const isText = typeof answer.body === 'string';
  const body = isText || Buffer.isBuffer(answer.body) ? answer.body : `${JSON.stringify(answer.body)}\n`;
  const { warnings = [] } = answer;
  if (warnings.length > 0) response.setHeader('warning', warnings.map(warning));
  response.writeHead(answer.code, {
    'content-type': answer.contentType ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'),
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, private',
  });
  response.end(body);
}

/** The `Status` for anything that was thrown. An error that is no answer is a fault of ours: 500. */
export function failureResponse(error: unknown): ApiResponse {
  if (error instanceof ApiError) return { type: 'Document', code: error.code, body: error.toStatus() };
  const message = error instanceof Error ? error.message : String(error);
  const failure = new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: 'InternalError', message }],
  });
  return { type: 'Document', code: 500, body: failure.toStatus() };
}

/** RFC 9111's `Warning` field, code 299, as `kubectl` prints it. */
function warning(text: string): string {
  const printable = text.replace(/[^\t\x20-\x7e]+/g, ' ');
  return `299 - "${printable.replace(/(["\\])/g, '\\$1')}"`;
}

function sendStream(response: ServerResponse, answer: Extract<ApiResponse, { type: 'Stream' }>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  let close: (() => void) | undefined;
  const stop = () => {
    close?.();
    close = undefined;
  };
  response.on('close', stop);
  close = answer.open({
    send(document) {
      if (response.writableEnded || response.destroyed) return;
      response.write(`${JSON.stringify(document)}\n`);
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    },
    end: () => void response.end(),
  });
  if (response.writableEnded || response.destroyed) stop();
}
