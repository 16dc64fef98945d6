import { namespacedName } from '../../api/object.ts';
import type { ObjectRef } from '../../api/object.ts';
import type { SallyportEvent } from '../../controller/start.ts';
import type { OutputLine } from './reporter.ts';

/** How an event of the running program is told. */
export function renderEvent(event: SallyportEvent): OutputLine {
  switch (event.type) {
    case 'Problem': {
      const { path, line, column, message } = event;
      const position = [path, line, column].filter((part) => part !== undefined).join(':');
      return { level: 'error', ...event, message: `${position}: ${message}` };
    }
    case 'Warning':
      return { level: 'warning', ...event, message: `${event.path}: ${event.message}` };
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
      return { ...event };
    case 'Engine':
      return { level: 'warning', ...event };
  }
}

function nameOf(ref: ObjectRef): string {
  return `${ref.kind} "${namespacedName(ref)}"`;
}
