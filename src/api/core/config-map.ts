import { boolean, type Infer, map, object, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';

const schema = kindSchema(
  'A ConfigMap holds configuration for others to read.',
  object({
    data: map(string(), { description: 'Text by key.' }),
    binaryData: map(string({ format: 'byte' }), { description: 'Base64 by key.' }),
    immutable: boolean({ description: 'If true, only metadata may be changed.' }),
  }),
);

/** A core/v1 ConfigMap. */
export type ConfigMap = Infer<typeof schema>;

/** How ConfigMaps are served; the columns are in the API server, because DATA is a count. */
export const configMapKind = builtInKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  schema,
});
