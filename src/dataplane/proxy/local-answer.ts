import { STATUS_CODES } from 'node:http';
import { PROXY_ERRORS, type ProxyErrorCode } from '../errors.ts';
import type { HeaderFields, LocalResponse } from '../exchange.ts';

/** The answer for a failure: its status and one sentence that tells nothing of the inside. */
export function errorAnswer(error: ProxyErrorCode): LocalResponse {
  const { http, text } = PROXY_ERRORS[error];
  return { statusCode: http, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: `${text}\n` };
}

/** The fields of an answer that the gateway gives itself, for response filters to edit. */
export class LocalFields implements HeaderFields {
  #fields: (readonly [name: string, value: string])[];

  constructor(fields: readonly (readonly [name: string, value: string])[]) {
    this.#fields = [...fields];
  }

  get(lowerName: string): string | undefined {
    return this.#fields.find(([name]) => name.toLowerCase() === lowerName)?.[1];
  }

  getAll(lowerName: string): readonly string[] {
    return this.#fields.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value);
  }

  set(name: string, value: string): void {
    this.remove(name.toLowerCase());
    this.add(name, value);
  }

  add(name: string, value: string): void {
    this.#fields.push([name, value]);
  }

  remove(lowerName: string): void {
    this.#fields = this.#fields.filter(([name]) => name.toLowerCase() !== lowerName);
  }

  render(): string {
    return this.#fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }
}

/** How an answer of the gateway is put on the wire. */
export interface LocalAnswerOptions {
  /** Lines that say what becomes of the connection. */
  readonly connectionLines: string;
  /** An answer to `HEAD` tells the length of the body that it leaves out. */
  readonly isForHead: boolean;
  readonly nowMs: number;
}

/** The whole answer as it goes on the wire, latin1. */
export function renderLocalAnswer(answer: LocalResponse, fields: LocalFields, options: LocalAnswerOptions): string {
  const body = Buffer.from(answer.body).toString('latin1');
  const hasBody = answer.statusCode !== 204 && answer.statusCode !== 304;
  if (!hasBody) fields.remove('content-type');
  const length = hasBody ? `Content-Length: ${body.length}\r\n` : '';
  const head = `HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode] ?? 'Unknown'}\r\nServer: sallyport\r\nDate: ${httpDate(options.nowMs)}\r\n`;
  return `${head}${fields.render()}${length}${options.connectionLines}\r\n${hasBody && !options.isForHead ? body : ''}`;
}

let dateSecond = -1;
let dateText = '';

/** Made once a second. */
function httpDate(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(second * 1000).toUTCString();
  }
  return dateText;
}
