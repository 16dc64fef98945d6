import { array, object, required, string } from '../schema.ts';

/** `status.supportedFeatures` of classes and meshes. */
export const supportedFeatures = array(
  object(
    { name: required(string({ description: 'Name of the feature as the Gateway API spells it.' })) },
    { description: 'A feature of the Gateway API.' },
  ),
  {
    description: 'The optional features that the controller supports, in alphabetical order.',
    maxItems: 64,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  },
);
