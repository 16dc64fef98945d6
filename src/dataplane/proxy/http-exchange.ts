import type { Endpoint, RuleSource } from '../../plan/types.ts';
import type { Backend, BackendChoice, CompiledMirror, CompiledRule } from '../compiled.ts';
import { PROXY_ERRORS, type ProxyErrorCode } from '../errors.ts';
import type { Exchange, HttpFilter, LocalResponse, ResponseView } from '../exchange.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { ResponseHandler } from '../upstream/response-handler.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { FinishedExchange } from './finished-exchange.ts';
import { errorAnswer, LocalFields, renderLocalAnswer } from './local-answer.ts';
import { Mirror } from './mirror.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { nextRequestId } from './request-id.ts';
import { ResponseWriter } from './response-writer.ts';
import { decideRetry, type RetryInput, shouldRetryStatus } from './retry.ts';

const NO_FILTERS: readonly HttpFilter[] = [];
/** How often another endpoint than the one that just failed is asked for. */
const MAX_PICKS = 4;

/** One request and its answer, from the end of its head to the last byte. Made anew for each, its shape never changes. */
export class HttpExchange implements Exchange, ResponseHandler, FinishedExchange {
  readonly request: RequestHead;
  readonly listenerPort: number;
  rule: CompiledRule | undefined = undefined;
  backend: Backend | undefined = undefined;
  statusCode = 0;
  error: ProxyErrorCode | undefined = undefined;
  tries = 0;
  durationMs = 0;
  requestBodyBytes = 0;
  responseBodyBytes = 0;
  readonly takesPayload: boolean;
  readonly #client: ExchangeClient;
  readonly #startedAt: number;
  readonly #body: ReplayBuffer;
  readonly #writer: ResponseWriter;
  #backendFilters = NO_FILTERS;
  #requestText = '';
  #isRequestComplete = false;
  #upstream: UpstreamConnection | undefined = undefined;
  #mirrors: readonly Mirror[] = [];
  #endpoint: Endpoint | undefined = undefined;
  #connectFailures = 0;
  #safeRetries = 0;
  #plannedRetries = 0;
  #isOver = false;

  constructor(request: RequestHead, client: ExchangeClient, listenerPort: number) {
    this.request = request;
    this.listenerPort = listenerPort;
    this.takesPayload = request.isHttp10;
    this.#client = client;
    this.#startedAt = client.context.clock.now();
    this.#body = new ReplayBuffer(client.context.config.maxReplayBytes);
    this.#writer = new ResponseWriter(request, client);
  }

  get source(): RuleSource {
    if (this.rule === undefined) throw new Error('Filters run only after a rule has matched.');
    return this.rule.plan.source;
  }

  /** Whether the whole request was read. */
  get isRequestComplete(): boolean {
    return this.#isRequestComplete;
  }

  /** Whether the connection may carry another request after this exchange. */
  get persists(): boolean {
    return this.#writer.persists && this.#isRequestComplete;
  }

  /** Routes and forwards the request. @param body What came of the body with the head. */
  start(rule: CompiledRule | undefined, body: Buffer | undefined, isComplete: boolean): void {
    this.#isRequestComplete = isComplete;
    if (body !== undefined) {
      this.requestBodyBytes = body.length;
      this.#body.push(body, false);
    }
    if (rule === undefined) return this.#fail('RouteNotFound');
    this.rule = rule;
    for (const filter of rule.filters) {
      const answer = filter.onRequest?.(this);
      if (answer !== undefined) return this.#answer(answer);
    }
    if (rule.action.type === 'Respond') return this.#answer(rule.action.respond(this));
    this.#forward(rule, rule.action.choose());
  }

  /** More of the request's body. @returns Whether `bytes` are not needed any more; if not, they stay as they are. */
  onRequestBody(bytes: Buffer, isComplete: boolean): boolean {
    this.requestBodyBytes += bytes.length;
    this.#isRequestComplete = isComplete;
    for (const mirror of this.#mirrors) mirror.write(bytes);
    const upstream = this.#upstream;
    this.#body.push(bytes, upstream !== undefined);
    if (upstream === undefined) {
      if (!this.#isOver && this.#body.isFull) this.#client.pauseRequest();
    } else if (!upstream.write(bytes)) {
      this.#client.pauseRequest();
    }
    if (isComplete) this.#endRequest();
    return upstream?.hasSentAll === true && !this.#body.isWhole && this.#mirrors.length === 0;
  }

  /** The client's buffer has room again. */
  onClientDrain(): void {
    this.#upstream?.resume();
  }

  /** The exchange ends without (more of) an answer: the client left, broke the rules, or ran out of time. */
  abort(error: ProxyErrorCode): void {
    this.#letUpstreamGo();
    for (const mirror of this.#mirrors) if (!this.#isRequestComplete) mirror.abort();
    this.#fail(error);
  }

  /** The wait before a retry is over. */
  onBackoffEnd(): void {
    if (this.backend !== undefined) this.#try(this.backend);
  }

  onInterim(head: ResponseHead): void {
    if (!this.request.isHttp10) this.#client.send(`${head.render()}\r\n`, undefined);
  }

  onUpgraded(head: ResponseHead, rest: Buffer): void {
    const upstream = this.#upstream;
    if (upstream === undefined || this.request.upgrade === undefined || !this.#isRequestComplete)
      return this.abort('UpstreamMalformed');
    this.statusCode = 101;
    this.#client.limitRequest(0);
    this.#filterResponse(head);
    const upgrade = `Connection: Upgrade\r\nUpgrade: ${head.headers.get('upgrade') ?? this.request.upgrade}\r\n`;
    this.#upstream = undefined;
    this.#client.startTunnel(upstream.detach(), `${head.render()}${upgrade}\r\n`, rest);
  }

  onResponse(head: ResponseHead, body: Buffer | undefined, isComplete: boolean): void {
    if (isComplete) this.#upstream = undefined;
    if (this.rule?.plan.retry !== undefined && shouldRetryStatus(head.statusCode, this.#retryInput())) {
      this.#plannedRetries += 1;
      return this.#retryLater();
    }
    this.#body.drop();
    if (this.rule?.plan.timeouts.backendRequestMs === undefined) this.#upstream?.limit(0);
    this.statusCode = head.statusCode;
    this.#filterResponse(head);
    this.responseBodyBytes = body?.length ?? 0;
    const isRoomy = this.#writer.writeHead(head, body, isComplete && !this.#isRequestComplete);
    this.#afterResponse(isRoomy, isComplete);
  }

  onResponseBody(bytes: Buffer, isComplete: boolean): boolean {
    if (isComplete) this.#upstream = undefined;
    this.responseBodyBytes += bytes.length;
    this.#afterResponse(this.#writer.writeBody(bytes), isComplete);
    return this.#client.hasSentAll;
  }

  onUpstreamError(error: ProxyErrorCode): void {
    this.#upstream = undefined;
    if (this.#writer.hasBegun) return this.#fail(error);
    if (PROXY_ERRORS[error].retry === 'Always') this.#connectFailures += 1;
    const decision = decideRetry(error, this.#retryInput());
    if (decision === 'GiveUp' || this.backend === undefined) return this.#fail(error);
    if (decision === 'AfterBackoff') {
      this.#plannedRetries += 1;
      return this.#retryLater();
    }
    if (PROXY_ERRORS[error].retry === 'IfSafe') this.#safeRetries += 1;
    this.#try(this.backend);
  }

  onFault(error: unknown): void {
    this.#upstream = undefined;
    this.#client.onFault(error);
  }

  onUpstreamDrain(): void {
    this.#client.resumeRequest();
  }

  #forward(rule: CompiledRule, choice: BackendChoice): void {
    if (choice.type === 'Respond') return this.#fail('BackendInvalid');
    const { request } = this;
    this.backend = choice.backend;
    const requestId = nextRequestId();
    this.#startMirrors(rule.mirrors, requestId);
    this.#backendFilters = choice.filters;
    for (const filter of choice.filters) {
      const answer = filter.onRequest?.(this);
      if (answer !== undefined) return this.#answer(answer);
    }
    if (choice.mirrors !== undefined) this.#startMirrors(choice.mirrors, requestId);
    if (choice.backend.plan.protocol === 'H2C') return this.#fail('UpstreamProtocolUnsupported');
    this.#requestText = this.#client.renderRequest(request, requestId);
    this.#client.limitRequest(rule.plan.timeouts.requestMs ?? 0);
    this.#try(choice.backend);
  }

  /** Mirrors of a rule get the request as its filters have made it, those of a backendRef as the filters of both have. */
  #startMirrors(planned: readonly CompiledMirror[], requestId: string): void {
    if (planned.length === 0 || this.request.upgrade !== undefined) return;
    const head = this.#client.renderRequest(this.request, requestId);
    const started: Mirror[] = [];
    for (const candidate of planned) {
      const mirror = candidate.draw() ? Mirror.start(this, candidate.backend, head, this.#client.context) : undefined;
      if (mirror !== undefined) started.push(mirror);
    }
    this.#mirrors = [...this.#mirrors, ...started];
    for (const mirror of started) {
      for (const chunk of this.#body.chunks()) mirror.write(chunk);
      if (this.#isRequestComplete) mirror.end();
    }
  }

  #try(backend: Backend): void {
    const endpoint = this.#pick(backend);
    if (endpoint === undefined) return this.#fail('NoReadyEndpoint');
    this.#endpoint = endpoint;
    this.tries += 1;
    const { context } = this.#client;
    const pool = context.pools.poolOf(endpoint);
    // A backend that has restarted has broken all its idle connections: after one of them no other is tried.
    const upstream = this.#safeRetries > 0 ? pool.connect() : pool.acquire();
    this.#upstream = upstream;
    upstream.begin(this, this.request.method === 'HEAD', this.#tryTimeoutMs());
    const chunks = this.#body.chunks();
    let isRoomy = upstream.writeHead(this.#requestText, chunks[0]);
    for (let index = 1; index < chunks.length; index++) isRoomy = upstream.write(chunks[index] ?? Buffer.alloc(0));
    this.#body.trim();
    if (this.#isRequestComplete) upstream.isRequestSent = true;
    else if (isRoomy) this.#client.resumeRequest();
    else this.#client.pauseRequest();
  }

  /**
   * The default holds only where a rule says nothing of time, as a longer `request` must not be cut by it, and only from
   * the end of the request on, as an upload may take its time.
   */
  #tryTimeoutMs(): number {
    const timeouts = this.rule?.plan.timeouts;
    if (timeouts?.backendRequestMs !== undefined) return timeouts.backendRequestMs;
    const hasDefault = timeouts?.requestMs === undefined && this.#isRequestComplete;
    return hasDefault ? this.#client.context.config.timeouts.backendHeadMs : 0;
  }

  #pick(backend: Backend): Endpoint | undefined {
    for (let picks = 1; ; picks++) {
      const picked = backend.picker.pick(this);
      if (picked.type !== 'Endpoint') return undefined;
      if (picked.endpoint !== this.#endpoint || picks === MAX_PICKS) return picked.endpoint;
    }
  }

  #retryLater(): void {
    this.#letUpstreamGo();
    this.#client.backOff(this.rule?.plan.retry?.backoffMs ?? 0);
  }

  #retryInput(): RetryInput {
    return {
      method: this.request.method,
      canReplay: this.#body.isWhole,
      endpoints: this.backend?.plan.endpoints.length ?? 0,
      connectFailures: this.#connectFailures,
      safeRetries: this.#safeRetries,
      plannedRetries: this.#plannedRetries,
      plan: this.rule?.plan.retry,
    };
  }

  #filterResponse(response: ResponseView): void {
    for (let index = this.#backendFilters.length - 1; index >= 0; index--)
      this.#backendFilters[index]?.onResponse?.(this, response);
    const filters = this.rule?.filters ?? NO_FILTERS;
    for (let index = filters.length - 1; index >= 0; index--) filters[index]?.onResponse?.(this, response);
  }

  #afterResponse(isRoomy: boolean, isComplete: boolean): void {
    if (isComplete) return this.#finish();
    this.#client.onResponseProgress(isRoomy);
    if (!isRoomy) this.#upstream?.pause();
  }

  #endRequest(): void {
    if (this.#upstream !== undefined) {
      this.#upstream.isRequestSent = true;
      const hasOwnLimit = this.rule?.plan.timeouts.backendRequestMs !== undefined;
      if (!hasOwnLimit && !this.#writer.hasBegun) this.#upstream.limit(this.#tryTimeoutMs());
    }
    for (const mirror of this.#mirrors) mirror.end();
  }

  #fail(error: ProxyErrorCode): void {
    if (this.#isOver) return;
    this.error = error;
    if (!this.#writer.hasBegun && error !== 'DownstreamClosed') return this.#answer(errorAnswer(error));
    if (this.statusCode === 0) this.statusCode = PROXY_ERRORS[error].http;
    this.#client.breakOff();
    this.#finish();
  }

  /** Gives the gateway's own answer. The rest of the request's body is not waited for: the connection ends then. */
  #answer(answer: LocalResponse): void {
    this.statusCode = answer.statusCode;
    const response = { statusCode: answer.statusCode, headers: new LocalFields(answer.headers) };
    this.#filterResponse(response);
    const connectionLines = this.#writer.begin(this.#isRequestComplete);
    this.responseBodyBytes = Buffer.byteLength(answer.body);
    const options = {
      connectionLines,
      isForHead: this.request.method === 'HEAD',
      nowMs: this.#client.context.clock.now(),
    };
    this.#client.send(renderLocalAnswer(answer, response.headers, options), undefined);
    this.#finish();
  }

  #letUpstreamGo(): void {
    this.#upstream?.destroy();
    this.#upstream = undefined;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isRequestComplete) for (const mirror of this.#mirrors) mirror.abort();
    const { clock, observer } = this.#client.context;
    this.durationMs = clock.now() - this.#startedAt;
    observer.onExchangeEnd(this);
    this.#client.onExchangeEnd(this);
  }

  /** The tunnel that the exchange became has ended. */
  onTunnelEnd(): void {
    this.#finish();
  }
}
