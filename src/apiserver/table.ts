import type { PrinterColumn } from '../api/kind-definition.ts';
import { kindKey } from '../api/object.ts';
import type { KubeObject } from '../api/object.ts';
import { computedColumns } from './core/columns.ts';
import type { ColumnHead, ComputedColumns } from './core/columns.ts';
import { humanDuration } from './human-duration.ts';
import { parseJsonPath } from './json-path.ts';
import type { ServedResource } from './kind-registry.ts';
import { partialMetadata } from './partial-metadata.ts';
import { canonicalJson } from './schema/json.ts';

/** `metadata` of a list. */
export interface ListMetadata {
  readonly resourceVersion?: string;
  /** Where the next page begins; absent on the last one. */
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Which part of each object goes into its row. */
export type IncludeObject = 'Metadata' | 'Object' | 'None';

/** How a table is to be made. */
export interface TableOptions {
  readonly include: IncludeObject;
  /** What ages are counted from, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** Left out of the later tables of a watch, which the client shows under the same heads. */
  readonly withColumns?: boolean;
}

const nameColumn: ColumnHead = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique within the namespace, or within the API for kinds without namespaces.',
  priority: 0,
};

/** Objects as the table that `kubectl get` prints. */
export function renderTable(
  resource: ServedResource,
  objects: readonly KubeObject[],
  metadata: ListMetadata,
  { include, nowMs, withColumns = true }: TableOptions,
): unknown {
  const columns = columnsOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columns.definitions : null,
    rows: objects.map((object) => ({
      cells: columns.cells(object, nowMs),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

const columnsByVersion = new WeakMap<object, ComputedColumns>();

function columnsOf({ kind, version }: ServedResource): ComputedColumns {
  const known = columnsByVersion.get(version);
  if (known !== undefined) return known;
  const columns = computedColumns.get(kindKey(kind)) ?? printerColumns(version.printerColumns);
  columnsByVersion.set(version, columns);
  return columns;
}

/** The name, and then what the columns' JSONPaths point to. */
export function printerColumns(columns: readonly PrinterColumn[]): ComputedColumns {
  const cells = columns.map(cellOf);
  return {
    definitions: [
      nameColumn,
      ...columns.map(({ name, type, format = '', description = '', priority = 0 }) => ({
        name,
        type,
        format,
        description,
        priority,
      })),
    ],
    cells: (object, nowMs) => [object.metadata.name, ...cells.map((cell) => cell(object, nowMs))],
  };
}

/** As a cluster does, a column shows the first value that its path finds; a string column shows lists and maps as JSON. */
function cellOf({ jsonPath, type }: PrinterColumn): (object: KubeObject, nowMs: number) => unknown {
  const path = parseJsonPath(jsonPath);
  return (object, nowMs) => {
    const value = path(object)[0];
    if (value === undefined || value === null) return type === 'date' ? '<unknown>' : null;
    if (type === 'date') return typeof value === 'string' ? age(value, nowMs) : null;
    if (type === 'string') return typeof value === 'string' ? value : canonicalJson(value);
    return typeof value === 'object' ? null : value;
  };
}

function age(timestamp: string, nowMs: number): string {
  const since = Date.parse(timestamp);
  return Number.isNaN(since) ? '<invalid>' : humanDuration(nowMs - since);
}
