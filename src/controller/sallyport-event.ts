import type { SourceEvent } from '../sources/manifest-source.ts';
import type { StatusNotice } from '../status/endpoint-notices.ts';
import type { ConditionNews } from './condition-news.ts';

/** What a user should read. */
export type SallyportEvent =
  | SourceEvent
  | ConditionNews
  /** What no condition shows: an Ingress that is not served, a Service that has no ready endpoint or has one again. */
  | ({ readonly type: 'Notice' } & StatusNotice)
  /** About the API of the cluster, and how it is reached. */
  | { readonly type: 'Cluster'; readonly level: 'info' | 'warning'; readonly message: string }
  /** About workers, ports and writes of the program itself. */
  | { readonly type: 'Engine'; readonly message: string };
