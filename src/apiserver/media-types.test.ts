import { expect, test } from 'vitest';
import { chooseDiscovery, chooseRepresentation } from './media-types.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

test.each([
  { accept: undefined, chosen: 'Object' },
  { accept: '*/*', chosen: 'Object' },
  { accept: 'application/json', chosen: 'Object' },
  { accept: `${TABLE},application/json`, chosen: 'Table' },
  { accept: 'application/vnd.kubernetes.protobuf,application/json', chosen: 'Object' },
  { accept: 'application/json;as=Table;g=other,application/json', chosen: 'Object' },
  { accept: 'application/json; as=PartialObjectMetadata; g=meta.k8s.io; v=v1', chosen: 'PartialMetadata' },
  { accept: 'application/vnd.kubernetes.protobuf', chosen: undefined },
  { accept: 'text/html', chosen: undefined },
])('$accept is answered as $chosen', ({ accept, chosen }) => {
  expect(chooseRepresentation(accept)).toBe(chosen);
});

test.each([
  { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json', chosen: 'v2' },
  { accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList', chosen: 'v2beta1' },
  {
    accept: 'application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json',
    chosen: undefined,
  },
  { accept: 'application/json', chosen: undefined },
])('discovery for $accept is $chosen', ({ accept, chosen }) => {
  expect(chooseDiscovery(accept)).toBe(chosen);
});
