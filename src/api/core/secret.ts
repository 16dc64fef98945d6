import { boolean, type Infer, map, object, string } from '../schema.ts';
import { builtInKind } from './built-in-kind.ts';
import { kindSchema } from './object-meta.ts';

const schema = kindSchema(
  'A Secret holds data that must not be shown.',
  object({
    data: map(string({ format: 'byte' }), { description: 'Base64 by key.' }),
    stringData: map(string(), { description: 'Text by key, write-only: the server moves it into `data`.' }),
    type: string({ description: 'What the secret is for, such as kubernetes.io/tls. Opaque if not given.' }),
    immutable: boolean({ description: 'If true, only metadata may be changed.' }),
  }),
);

/** A core/v1 Secret. Values of `data` are base64. */
export type Secret = Infer<typeof schema>;

/** How Secrets are served; the columns are in the API server, because DATA is a count. */
export const secretKind = builtInKind({ group: '', version: 'v1', kind: 'Secret', plural: 'secrets', schema });
