import { namespacedName } from '../../api/object.ts';
import type { ObjectRef } from '../../api/object.ts';
import type { SallyportEvent } from '../../controller/sallyport-event.ts';
import type { OutputLine } from './reporter.ts';

/** How an event of the running program is told. */
export function renderEvent(event: SallyportEvent): OutputLine {
  switch (event.type) {
    case 'Problem':
      return { level: 'error', ...event, message: `${positionOf(event)}: ${event.message}` };
    case 'Warning':
      return { level: 'warning', ...event, message: `${positionOf(event)}: ${event.message}` };
    case 'Applied':
      return {
        level: 'info',
        ...event,
        message: `${event.path}: ${nameOf(event.ref)} ${event.outcome.toLowerCase()}.`,
      };
    case 'Pruned':
      return { level: 'info', ...event, message: `${event.path}: ${nameOf(event.ref)} is no longer there, deleted.` };
    case 'Solved':
      return { level: 'info', ...event, message: `${event.path}: in order again.` };
    case 'Condition':
    case 'Notice':
    case 'Cluster':
      return { ...event };
    case 'Engine':
      return { level: 'warning', ...event };
  }
}

/** `web.yaml:31:11`: the form that editors and terminals turn into a link. */
function positionOf({
  path,
  line,
  column,
}: {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}) {
  return [path, line, column].filter((part) => part !== undefined).join(':');
}

function nameOf(ref: ObjectRef): string {
  return `${ref.kind} "${namespacedName(ref)}"`;
}
