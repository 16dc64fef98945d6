import type { Clock } from '../lib/clock.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ApiResponse, DocumentStream } from './http-messages.ts';
import { checkResourceVersion } from './list.ts';
import type { Selection } from './list.ts';
import { renderObject } from './rendering.ts';
import type { RenderOptions } from './rendering.ts';
import { isSet, numberParameter } from './request-info.ts';
import { badRequest } from './status-errors.ts';
import type { WatchEvent, WatchHub } from './watch.ts';

/** What a watch over HTTP needs. */
export interface WatchRequest {
  readonly hub: WatchHub;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly render: Omit<RenderOptions, 'nowMs'>;
}

/** Clients reconnect after a while, so that a connection that died unnoticed does not stay for ever. */
const DEFAULT_TIMEOUT_MS = 45 * 60 * 1000;

/** Answers `?watch=true`. */
export function watchResponse({ hub, store, clock, selection, query, render }: WatchRequest): ApiResponse {
  const sendInitialEvents = isSet(query, 'sendInitialEvents');
  if (sendInitialEvents && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw badRequest('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  const revision = checkResourceVersion(query, store.revision);
  const timeoutSeconds = numberParameter(query, 'timeoutSeconds') ?? 0;
  const timeoutMs = timeoutSeconds === 0 ? DEFAULT_TIMEOUT_MS : timeoutSeconds * 1000;
  return {
    type: 'Stream',
    open(stream) {
      const timer = clock.after(timeoutMs, () => stream.end());
      const close = hub.open({
        ...selection,
        ...(revision === undefined ? {} : { revision }),
        sendInitialEvents,
        allowBookmarks: isSet(query, 'allowWatchBookmarks'),
        send: eventSender(stream, { ...render, clock }),
      });
      return () => {
        timer.cancel();
        close();
      };
    },
  };
}

type EventRendering = Omit<RenderOptions, 'nowMs'> & { readonly clock: Clock };

function eventSender(stream: DocumentStream, { clock, ...render }: EventRendering): (event: WatchEvent) => void {
  let withColumns = true;
  return (event) => {
    const options = { ...render, nowMs: clock.now(), withColumns };
    if (event.type === 'ERROR') {
      stream.send({ type: 'ERROR', object: event.status });
      stream.end();
      return;
    }
    const object = event.type === 'BOOKMARK' ? bookmark(event, options) : renderObject(event.object, options);
    withColumns = false;
    stream.send({ type: event.type, object });
  };
}

function bookmark(event: Extract<WatchEvent, { type: 'BOOKMARK' }>, options: RenderOptions): unknown {
  const { resource } = options;
  const annotations = event.endsInitialEvents ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { name: '', resourceVersion: String(event.revision), ...annotations };
  return renderObject({ kind: resource.kind.kind, apiVersion: resource.apiVersion, metadata }, options);
}
