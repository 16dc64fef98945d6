import { type Infer, integer, object, required, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';
import { objectReference } from './object-reference.ts';

const time = { format: 'date-time', nullable: true } as const;

const schema = kindSchema(
  'An Event tells that something happened to an object.',
  object({
    involvedObject: required(objectReference),
    reason: string({ description: 'Why, as one CamelCase word.' }),
    message: string({ description: 'What happened, for people.' }),
    type: string({ description: 'Normal or Warning.' }),
    count: integer({ format: 'int32', description: 'How often it happened.' }),
    firstTimestamp: string({ ...time, description: 'When it happened first.' }),
    lastTimestamp: string({ ...time, description: 'When it happened last.' }),
    eventTime: string({ ...time, description: 'When it happened, with microseconds.' }),
    source: object(
      { component: string({ description: 'Who tells it.' }), host: string({ description: 'Where.' }) },
      { description: 'Who tells it.' },
    ),
    series: object(
      {
        count: integer({ format: 'int32', description: 'How often it happened.' }),
        lastObservedTime: string({ ...time, description: 'When it happened last.' }),
      },
      { description: 'Present if the same happened again and again.' },
    ),
    action: string({ description: 'What was done.' }),
    related: objectReference,
    reportingComponent: string({ description: 'The controller that tells it.', default: '' }),
    reportingInstance: string({ description: 'The instance of the controller.', default: '' }),
  }),
);

/** A core/v1 Event. */
export type Event = Infer<typeof schema>;

/** How Events are served; the columns are in the API server, because LAST SEEN and OBJECT are computed. */
export const eventKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  schema,
});
