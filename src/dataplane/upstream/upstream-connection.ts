import { connect, type Socket } from 'node:net';
import type { ProxyErrorCode } from '../errors.ts';
import { BodyReader } from '../http1/body-reader.ts';
import { HeadScanner } from '../http1/head-scanner.ts';
import { type ResponseHead, ResponseHeadReader } from '../http1/response-head.ts';
import { Deadline } from '../timer-wheel.ts';
import type { EndpointPool } from './endpoint-pool.ts';
import { isCommon, ReadBuffers } from '../read-buffers.ts';
import type { ResponseHandler } from './response-handler.ts';
import { MAX_JOINED_BYTES, writeTogether } from '../write-together.ts';

type State = 'Idle' | 'Head' | 'Body' | 'Tunnel' | 'Closed';

const EMPTY = Buffer.alloc(0);
/** Closed this much before the backend says it would: a request must not meet the backend's FIN. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

/** One connection to an endpoint: writes requests, reads answers strictly, one at a time. */
export class UpstreamConnection {
  readonly socket: Socket;
  /** How many answers came before: a failure on a reused connection often means that it was closed while idle. */
  served = 0;
  /** Set by the handler once the last byte of its request is written; an answer that ends before ends the connection. */
  isRequestSent = false;
  readonly #pool: EndpointPool;
  readonly #deadline: Deadline;
  readonly #scanner = new HeadScanner();
  readonly #reader = new ResponseHeadReader(this.#scanner);
  readonly #body = new BodyReader();
  readonly #reads = new ReadBuffers();
  #lastRead = 0;
  #handler: ResponseHandler | undefined;
  #state: State = 'Idle';
  #isForHead = false;
  #isConnected = false;
  #head: ResponseHead | undefined;
  #pending: Buffer | undefined;
  #timeoutMs = 0;
  #keepsAlive = false;
  #idleMs = 0;

  constructor(pool: EndpointPool) {
    this.#pool = pool;
    this.#deadline = new Deadline(this.#guarded(() => this.#onDeadline()));
    this.socket = connect({
      host: pool.address,
      port: pool.port,
      noDelay: true,
      keepAlive: true,
      allowHalfOpen: true,
      onread: {
        buffer: () => this.#reads.next(this.#lastRead, this.#state === 'Body'),
        callback: (bytes, buffer) => this.#onRead(Buffer.from(buffer.buffer, buffer.byteOffset, bytes)),
      },
    });
    this.socket.on(
      'connect',
      this.#guarded(() => this.#onConnect()),
    );
    this.socket.on(
      'end',
      this.#guarded(() => this.#onEnd()),
    );
    this.socket.on(
      'drain',
      this.#guarded(() => this.#handler?.onUpstreamDrain()),
    );
    this.socket.on(
      'error',
      this.#guarded(() => this.#fail(this.#isConnected ? 'UpstreamReset' : 'UpstreamConnectRefused')),
    );
    this.socket.on(
      'close',
      this.#guarded(() => {
        this.#reads.release();
        this.#fail('UpstreamReset');
      }),
    );
    pool.wheel.arm(this.#deadline, pool.config.connectMs);
  }

  /** Begins an exchange. @param timeoutMs Until its head comes, unless changed by `limit`; 0: none. */
  begin(handler: ResponseHandler, isForHead: boolean, timeoutMs: number): void {
    this.#handler = handler;
    this.#isForHead = isForHead;
    this.isRequestSent = false;
    this.#state = 'Head';
    this.#scanner.reset();
    this.limit(timeoutMs);
  }

  /** Ends the exchange with `UpstreamTimeout` in that time; 0: never. */
  limit(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    // Connecting has a limit of its own; this one begins after it.
    if (this.#isConnected) this.#pool.wheel.arm(this.#deadline, timeoutMs);
  }

  /** Writes a head, with the first bytes of the body in the same segment. `false`: wait for `onUpstreamDrain`. */
  writeHead(text: string, body: Buffer | undefined): boolean {
    return writeTogether(this.socket, text, body);
  }

  write(bytes: Buffer): boolean {
    return this.socket.write(bytes);
  }

  /** Nothing that was written waits in this process. */
  get hasSentAll(): boolean {
    return this.socket.writableLength === 0;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Gives the socket away: what comes is from here on only passed to its readers. */
  detach(): Socket {
    this.#state = 'Tunnel';
    this.#handler = undefined;
    this.#deadline.disarm();
    return this.socket;
  }

  /** Ends the connection without a word to the handler. */
  destroy(): void {
    this.#handler = undefined;
    this.#state = 'Closed';
    this.#deadline.disarm();
    this.socket.destroy();
  }

  /** A callback whose exceptions end this connection and its handler's exchange. */
  #guarded(run: () => void): () => void {
    return () => {
      const handler = this.#handler;
      try {
        run();
      } catch (error) {
        this.#onFault(handler, error);
      }
    };
  }

  /** @param handler Who had the connection before: after its answer it may have gone to another one already. */
  #onFault(handler: ResponseHandler | undefined, error: unknown): void {
    if (this.#handler === handler) this.#handler = undefined;
    handler?.onFault(error);
    this.#fail('UpstreamReset');
    // Nobody is there to tell: the worker ends and is replaced.
    if (handler === undefined) throw error;
  }

  #onConnect(): void {
    this.#isConnected = true;
    if (this.#handler !== undefined) this.limit(this.#timeoutMs);
  }

  #onDeadline(): void {
    if (this.#state === 'Idle') {
      this.#pool.forget(this);
      this.destroy();
    } else {
      this.#fail(this.#isConnected ? 'UpstreamTimeout' : 'UpstreamConnectTimeout');
    }
  }

  #onEnd(): void {
    if (this.#state === 'Body' && this.#body.end()) {
      const handler = this.#handler;
      this.destroy();
      handler?.onResponseBody(EMPTY, true);
    } else if (this.#state !== 'Tunnel') {
      this.#fail('UpstreamReset');
    }
  }

  #fail(error: ProxyErrorCode): void {
    if (this.#state === 'Idle') this.#pool.forget(this);
    const handler = this.#handler;
    this.destroy();
    handler?.onUpstreamError(error);
  }

  #onRead(data: Buffer): boolean {
    this.#lastRead = data.length;
    const handler = this.#handler;
    try {
      // A tunnel reads the socket as a stream.
      if (this.#state === 'Tunnel') this.socket.push(Buffer.from(data));
      else this.#onData(data);
    } catch (error) {
      this.#onFault(handler, error);
    }
    return true;
  }

  #onData(data: Buffer): void {
    // Bytes that nobody asked for: whatever they are, the next request must not take them for its answer.
    if (this.#handler === undefined) return this.#fail('UpstreamMalformed');
    const chunk = this.#pending === undefined ? data : Buffer.concat([this.#pending, data]);
    this.#pending = undefined;
    if (this.#state === 'Body') this.#onBody(this.#handler, chunk, 0);
    else this.#onHead(this.#handler, chunk);
  }

  #onHead(handler: ResponseHandler, chunk: Buffer): void {
    let at = 0;
    while (this.#state === 'Head' && at < chunk.length) {
      const scanned = this.#scanner.scan(chunk, at, chunk.length);
      if (scanned === 'Incomplete') {
        this.#pending = Buffer.from(chunk.subarray(at));
        return;
      }
      const headEnd = at + this.#scanner.headEnd;
      const head =
        scanned === 'Complete' ? this.#reader.read(chunk.toString('latin1', at, headEnd), this.#isForHead) : undefined;
      if (head === undefined) return this.#fail('UpstreamMalformed');
      at = headEnd;
      if (head.statusCode === 101) {
        this.#state = 'Tunnel';
        handler.onUpgraded(head, Buffer.from(chunk.subarray(at)));
      } else if (head.statusCode < 200) {
        handler.onInterim(head);
        this.#scanner.reset();
      } else {
        this.#head = head;
        this.#noteReuse(head);
        this.#body.start(head.framing);
        this.#state = 'Body';
        // A whole answer may already have begun the next exchange on this connection: nothing is read on here.
        return this.#onBody(handler, chunk, at);
      }
    }
  }

  /** Hands on what `chunk` has of the body, with the head if that was not handed on yet. */
  #onBody(handler: ResponseHandler, chunk: Buffer, from: number): void {
    const payload: Buffer[] | undefined = handler.takesPayload && this.#body.isChunked ? [] : undefined;
    const onData = payload && ((start: number, end: number) => void payload.push(chunk.subarray(start, end)));
    const end = this.#body.read(chunk, from, chunk.length, onData);
    if (end < 0) return this.#fail('UpstreamMalformed');
    const bytes =
      payload === undefined ? this.#take(chunk, from, end, this.#head !== undefined) : Buffer.concat(payload);
    const isComplete = this.#body.isComplete;
    const head = this.#head;
    this.#head = undefined;
    if (isComplete) this.#complete(end === chunk.length);
    if (head !== undefined) handler.onResponse(head, bytes.length === 0 ? undefined : bytes, isComplete);
    else if (bytes.length > 0 || isComplete) this.#reads.lend(!handler.onResponseBody(bytes, isComplete));
  }

  /** Small bodies that come with their head are written as part of a string and need no copy. */
  #take(chunk: Buffer, from: number, to: number, isWithHead: boolean): Buffer {
    const bytes = chunk.subarray(from, to);
    return (isWithHead && bytes.length <= MAX_JOINED_BYTES) || !isCommon(bytes) ? bytes : Buffer.from(bytes);
  }

  /** Goes back to the pool before the handler hears of the end, so that what the handler does next finds it there. */
  #complete(isClean: boolean): void {
    this.#handler = undefined;
    this.served += 1;
    if (isClean && this.#keepsAlive && this.isRequestSent && this.#pool.keep(this)) {
      this.#state = 'Idle';
      if (this.socket.isPaused()) this.socket.resume();
      this.#pool.wheel.arm(this.#deadline, this.#idleMs);
    } else {
      this.destroy();
    }
  }

  #noteReuse(head: ResponseHead): void {
    const { idleMs } = this.#pool.config;
    this.#keepsAlive = head.keepsAlive;
    this.#idleMs = idleMs;
    if (head.keepAliveMs === undefined) return;
    const theirs = head.keepAliveMs - KEEP_ALIVE_MARGIN_MS;
    if (theirs <= 0) this.#keepsAlive = false;
    else if (idleMs === 0 || theirs < idleMs) this.#idleMs = theirs;
  }
}
