import type { Socket } from 'node:net';
import type { CompiledRule, SocketTable } from '../compiled.ts';
import { type DirectReader, readDirectly } from '../direct-reads.ts';
import type { ProxyErrorCode } from '../errors.ts';
import { BodyReader } from '../http1/body-reader.ts';
import { HeadScanner, type ScanResult } from '../http1/head-scanner.ts';
import { type RequestHead, RequestHeadReader } from '../http1/request-head.ts';
import { isCommon, ReadBuffers } from '../read-buffers.ts';
import { Deadline } from '../timer-wheel.ts';
import { writeTogether } from '../write-together.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { refusedExchange } from './finished-exchange.ts';
import { ForwardingFields } from './forwarding-fields.ts';
import { HttpExchange } from './http-exchange.ts';
import { errorAnswer, LocalFields, renderLocalAnswer } from './local-answer.ts';
import type { ProxyContext } from './proxy-context.ts';
import { Tunnel } from './tunnel.ts';

/** What a connection needs to know of its listener socket. */
export interface ClientConnectionOptions {
  readonly context: ProxyContext;
  /** The newest table of the socket; asked for each request. */
  readonly table: () => SocketTable | undefined;
  /** The name asked for in the TLS handshake; undefined on a plain connection. */
  readonly serverName: string | undefined;
  readonly onClose: (connection: ClientConnection) => void;
}

/**
 * `Head`: between requests or inside a head. `Body`: a request's body is coming. `Answer`: the request is complete, its
 * answer is not. `Lingering`: the last answer is out, what the client still sends is thrown away.
 */
type State = 'Head' | 'Body' | 'Answer' | 'Tunnel' | 'Lingering' | 'Closed';

/** One client's connection: reads requests strictly, one exchange at a time, and keeps its time limits. */
export class ClientConnection implements ExchangeClient, DirectReader {
  readonly context: ProxyContext;
  readonly #socket: Socket;
  readonly #options: ClientConnectionOptions;
  readonly #scanner = new HeadScanner();
  readonly #reader: RequestHeadReader;
  readonly #body = new BodyReader();
  readonly #reads = new ReadBuffers();
  #lastRead = 0;
  readonly #readsDirectly: boolean;
  readonly #forwarding: ForwardingFields;
  readonly #deadline: Deadline;
  /** Made when a rule first needs them. */
  #requestDeadline: Deadline | undefined;
  #backoffDeadline: Deadline | undefined;
  #state: State = 'Head';
  #exchange: HttpExchange | undefined;
  #tunnel: Tunnel | undefined;
  /** Bytes of a head that is not complete, or of requests that have to wait. */
  #pending: Buffer | undefined;
  #isReading = false;
  #isHalfClosed = false;
  isClosing = false;

  constructor(socket: Socket, options: ClientConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.context = options.context;
    const scheme = options.serverName === undefined ? 'http' : 'https';
    this.#reader = new RequestHeadReader(this.#scanner, scheme);
    this.#forwarding = new ForwardingFields(socket.remoteAddress ?? '', scheme, options.context.trusted);
    this.#deadline = new Deadline(this.#guarded(() => this.#onDeadline()));
    socket.on(
      'end',
      this.#guarded(() => this.#onEnd()),
    );
    socket.on(
      'drain',
      this.#guarded(() => this.#exchange?.onClientDrain()),
    );
    // 'close' follows and does the work.
    socket.on('error', () => socket.destroy());
    socket.on(
      'close',
      this.#guarded(() => this.#onClose()),
    );
    this.#readsDirectly = readDirectly(socket, this);
    if (!this.#readsDirectly) socket.on('data', (chunk: Buffer) => this.onRead(chunk.length, chunk));
    socket.resume();
    this.#arm(this.context.config.timeouts.headerMs);
  }

  /** Closes the connection as soon as no request is under way. */
  drain(): void {
    this.isClosing = true;
    if (this.#isIdle()) this.#linger();
  }

  /** Closes it at once. */
  destroy(): void {
    this.#tunnel?.destroy();
    this.#socket.destroy();
  }

  renderRequest(request: RequestHead, requestId: string): string {
    const forwarding = this.#forwarding.render(request, requestId, this.#reader.hasForwardingFields);
    return `${request.render()}${upgradeLines(request)}${forwarding}\r\n`;
  }

  send(text: string, body: Buffer | undefined): boolean {
    return writeTogether(this.#socket, text, body);
  }

  get hasSentAll(): boolean {
    return this.#socket.writableLength === 0;
  }

  nextBuffer(): Buffer {
    return this.#reads.next(this.#lastRead, this.#state === 'Body');
  }

  onRead(bytes: number, buffer: Buffer): void {
    this.#lastRead = bytes;
    const data = buffer.subarray(0, bytes);
    try {
      // A tunnel reads the socket as a stream.
      if (this.#state !== 'Tunnel') this.#onData(data);
      else if (this.#readsDirectly) this.#socket.push(Buffer.from(data));
    } catch (error) {
      this.onFault(error);
    }
  }

  sendBody(bytes: Buffer): boolean {
    return this.#socket.write(bytes);
  }

  onResponseProgress(isRoomy: boolean): void {
    const { streamIdleMs, stalledClientMs } = this.context.config.timeouts;
    this.#arm(isRoomy ? streamIdleMs : stalledClientMs);
  }

  pauseRequest(): void {
    this.#socket.pause();
    this.#arm(this.context.config.timeouts.streamIdleMs);
  }

  resumeRequest(): void {
    if (this.#state !== 'Body') return;
    this.#arm(this.context.config.timeouts.stalledClientMs);
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  limitRequest(timeoutMs: number): void {
    if (timeoutMs === 0 && this.#requestDeadline === undefined) return;
    this.#requestDeadline ??= new Deadline(this.#guarded(() => this.#exchange?.abort('RequestTimeout')));
    this.context.wheel.arm(this.#requestDeadline, timeoutMs);
  }

  backOff(delayMs: number): void {
    this.#backoffDeadline ??= new Deadline(this.#guarded(() => this.#exchange?.onBackoffEnd()));
    // At least one tick, so that a retry never runs inside the failure that caused it.
    this.context.wheel.arm(this.#backoffDeadline, Math.max(delayMs, 1));
  }

  startTunnel(upstream: Socket, head: string, rest: Buffer): void {
    this.#state = 'Tunnel';
    this.#deadline.disarm();
    const early = this.#pending;
    this.#pending = undefined;
    this.#tunnel = new Tunnel({
      client: this.#socket,
      upstream,
      wheel: this.context.wheel,
      idleMs: this.context.config.timeouts.streamIdleMs,
    });
    writeTogether(this.#socket, head, rest.length === 0 ? undefined : rest);
    if (early !== undefined) upstream.write(early);
    if (this.#isHalfClosed) upstream.end();
  }

  breakOff(): void {
    // A FIN would end a body without declared length as if it were whole; TLS has no reset, but a missing close_notify.
    if (this.#options.serverName === undefined && !this.#socket.destroyed) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  onExchangeEnd(exchange: HttpExchange): void {
    this.#exchange = undefined;
    this.#requestDeadline?.disarm();
    this.#backoffDeadline?.disarm();
    if (this.#socket.destroyed) {
      this.#setClosed();
    } else if (exchange.persists && !this.#isHalfClosed) {
      this.#awaitRequest();
    } else {
      this.#linger();
    }
  }

  #awaitRequest(): void {
    this.#state = 'Head';
    this.#scanner.reset();
    this.#arm(this.context.config.timeouts.keepAliveMs);
    // Requests that answer at once end inside the loop that read them: it goes on by itself.
    if (this.#isReading) return;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) this.#read(pending);
    if (this.#state === 'Head' && this.#socket.isPaused()) this.#socket.resume();
    if (this.isClosing && this.#isIdle()) this.#linger();
  }

  onFault(error: unknown): void {
    this.context.onFault(error);
    this.isClosing = true;
    try {
      this.#exchange?.abort('InternalError');
    } catch {
      // The same fault again: the client gets no answer.
      this.#exchange = undefined;
    }
    this.destroy();
    this.#setClosed();
  }

  /** A callback whose exceptions end this connection. */
  #guarded(run: () => void): () => void {
    return () => {
      try {
        run();
      } catch (error) {
        this.onFault(error);
      }
    };
  }

  #onData(data: Buffer): void {
    // What comes after the last answer is not read at all.
    if (this.#state === 'Lingering') return;
    const chunk = this.#pending === undefined ? data : Buffer.concat([this.#pending, data]);
    this.#pending = undefined;
    this.#read(chunk);
  }

  #read(chunk: Buffer): void {
    this.#isReading = true;
    let at = 0;
    while (at < chunk.length && at >= 0) {
      if (this.#state === 'Head') at = this.#readHead(chunk, at);
      else if (this.#state === 'Body') at = this.#readBody(chunk, at);
      else if (this.#state === 'Answer') at = this.#hold(chunk, at);
      else break;
    }
    this.#isReading = false;
  }

  /** Keeps what came too early: the requests of a pipeline are answered one after the other. */
  #hold(chunk: Buffer, at: number): number {
    this.#pending = Buffer.from(chunk.subarray(at));
    this.#socket.pause();
    return chunk.length;
  }

  #readHead(chunk: Buffer, from: number): number {
    const isFirst = !this.#scanner.hasBegun;
    const scanned = this.#scanner.scan(chunk, from, chunk.length);
    if (scanned === 'Incomplete') {
      if (isFirst) this.#arm(this.context.config.timeouts.headerMs);
      this.#pending = Buffer.from(chunk.subarray(from));
      return chunk.length;
    }
    const headEnd = from + this.#scanner.headEnd;
    const head =
      scanned === 'Complete' ? this.#reader.read(chunk.toString('latin1', from, headEnd)) : SCAN_ERRORS[scanned];
    if (typeof head === 'string') return this.#refuse(head);
    this.#forwarding.screen(head);
    this.#body.start(head.framing);
    const bodyEnd = this.#body.read(chunk, headEnd, chunk.length);
    if (bodyEnd < 0) return this.#refuse('BadRequest');
    this.#begin(head, bodyEnd === headEnd ? undefined : Buffer.from(chunk.subarray(headEnd, bodyEnd)));
    return bodyEnd;
  }

  #begin(head: RequestHead, body: Buffer | undefined): void {
    const table = this.#options.table();
    const exchange = new HttpExchange(head, this, table?.port ?? 0);
    this.#exchange = exchange;
    if (this.#body.isComplete) {
      this.#state = 'Answer';
      this.#deadline.disarm();
    } else {
      this.#state = 'Body';
      this.#arm(this.context.config.timeouts.stalledClientMs);
    }
    exchange.start(this.#route(table, head), body, this.#body.isComplete);
  }

  #route(table: SocketTable | undefined, head: RequestHead): CompiledRule | undefined {
    return table?.listener(this.#options.serverName ?? head.host)?.route(head);
  }

  #readBody(chunk: Buffer, from: number): number {
    const end = this.#body.read(chunk, from, chunk.length);
    if (end < 0) {
      this.#exchange?.abort('BadRequest');
      return end;
    }
    if (this.#body.isComplete) {
      this.#state = 'Answer';
      this.#deadline.disarm();
    } else {
      this.#arm(this.context.config.timeouts.stalledClientMs);
    }
    const bytes = chunk.subarray(from, end);
    const isDone = this.#exchange?.onRequestBody(isCommon(bytes) ? Buffer.from(bytes) : bytes, this.#body.isComplete);
    this.#reads.lend(isDone === false);
    return end;
  }

  /** Answers a request that cannot be read, and ends the connection: where the next one begins is not known. */
  #refuse(error: ProxyErrorCode): number {
    const answer = errorAnswer(error);
    const nowMs = this.context.clock.now();
    const options = { connectionLines: 'Connection: close\r\n', isForHead: false, nowMs };
    this.#socket.write(renderLocalAnswer(answer, new LocalFields(answer.headers), options), 'latin1');
    this.context.observer.onExchangeEnd(refusedExchange(error));
    this.#linger();
    return -1;
  }

  /** Ends the writing side and reads on for a while: closing at once could reset the connection before the answer is read. */
  #linger(): void {
    this.#state = 'Lingering';
    this.#pending = undefined;
    this.#socket.end();
    this.#socket.resume();
    this.#arm(this.context.config.timeouts.lingerMs);
  }

  #isIdle(): boolean {
    return this.#state === 'Head' && !this.#scanner.hasBegun;
  }

  /** A client that has gone and one that only ended its side look alike: the answer gets a moment to begin. */
  #onEnd(): void {
    this.#isHalfClosed = true;
    if (this.#state === 'Answer') this.#arm(this.context.config.timeouts.halfClosedMs);
    else if (this.#state === 'Head') this.#linger();
    else if (this.#state === 'Body') this.#socket.destroy();
  }

  #onDeadline(): void {
    if (this.#state === 'Head' && this.#scanner.hasBegun) this.#refuse('DownstreamTimeout');
    else if (this.#state === 'Body') this.#exchange?.abort('DownstreamTimeout');
    else if (this.#state === 'Answer') this.#exchange?.abort('DownstreamClosed');
    else if (this.#state === 'Head') this.#linger();
    else this.#socket.destroy();
  }

  #onClose(): void {
    this.#reads.release();
    const exchange = this.#exchange;
    if (exchange === undefined) this.#setClosed();
    else if (this.#state === 'Tunnel') exchange.onTunnelEnd();
    else exchange.abort('DownstreamClosed');
  }

  #setClosed(): void {
    if (this.#state === 'Closed') return;
    this.#state = 'Closed';
    this.#deadline.disarm();
    this.#options.onClose(this);
  }

  #arm(timeoutMs: number): void {
    this.context.wheel.arm(this.#deadline, timeoutMs);
  }
}

const SCAN_ERRORS = {
  Malformed: 'BadRequest',
  HeadTooLarge: 'RequestHeadTooLarge',
  StartLineTooLong: 'RequestTargetTooLong',
} as const satisfies Partial<Record<ScanResult, ProxyErrorCode>>;

function upgradeLines({ upgrade }: RequestHead): string {
  return upgrade === undefined ? '' : `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`;
}
