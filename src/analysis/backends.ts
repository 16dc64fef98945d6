import type { Service } from '../api/core/service.ts';
import { backendProtocol } from './backend-protocol.ts';
import { parseBackendId } from './backend-id.ts';
import type { Lookup } from './derivations.ts';
import { endpointsOf } from './endpoints.ts';
import { typed } from './kinds.ts';
import type { AnalysisOptions } from './options.ts';
import type { BackendView } from './topology.ts';

/** Looks at the Service port that an id names; undefined if there is none. */
export function analyzeBackend(id: string, { embedded }: AnalysisOptions, lookup: Lookup): BackendView | undefined {
  const { service, port } = parseBackendId(id);
  const object = lookup.object(service);
  if (object === undefined) return undefined;
  const source = typed<Service>(object);
  const found = source.spec?.ports?.find(({ port: number, protocol = 'TCP' }) => number === port && protocol === 'TCP');
  if (found === undefined) return undefined;
  const protocol = backendProtocol(found.appProtocol);
  return { id, service, port, protocol, ...endpointsOf(source, found, embedded, lookup) };
}
