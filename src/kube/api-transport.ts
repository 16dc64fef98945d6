/** One exchange with a Kubernetes API. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT';
  /** With the query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Who is told of a watch. */
export interface WatchListener {
  /** Ends the watch; its promise then rejects. */
  readonly signal: AbortSignal;
  /** The server has agreed to the watch. */
  onOpen(): void;
  /** Called for each line. What it throws ends the watch, and is what its promise rejects with. */
  onLine(line: string): void;
}

/** A way to a Kubernetes API, which takes care of addresses, encryption and authentication. */
export interface ApiTransport {
  /** The answer, as JSON. A failure that the server answers with is thrown as `ApiError`, a missing answer as any other error. */
  request(request: ApiRequest): Promise<unknown>;
  /** Watches until the server ends it. Rejects as `request` does, and when the connection breaks. */
  watch(path: string, listener: WatchListener): Promise<void>;
}
