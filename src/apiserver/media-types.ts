/** How a client wants objects represented. */
export type Representation = 'Object' | 'Table' | 'PartialMetadata';

interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads an `Accept` header, in the order in which it stands there. */
export function parseAccept(header: string | undefined): readonly MediaType[] {
  return (header ?? '*/*').split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    return { type: type.toLowerCase(), parameters: new Map(parameters.map(keyAndValue)) };
  });
}

function keyAndValue(parameter: string): [string, string] {
  const equals = parameter.indexOf('=');
  return equals === -1 ? [parameter, ''] : [parameter.slice(0, equals).trim(), parameter.slice(equals + 1).trim()];
}

/** The first representation that the client accepts and that is offered; undefined if there is none. */
export function chooseRepresentation(header: string | undefined): Representation | undefined {
  for (const { type, parameters } of parseAccept(header)) {
    if (!isJson(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'Object';
    if (parameters.get('g') !== 'meta.k8s.io') continue;
    if (as === 'Table') return 'Table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'PartialMetadata';
  }
  return undefined;
}

/** The version of aggregated discovery that the client prefers over the classic form, if it knows one. */
export function chooseDiscovery(header: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of parseAccept(header)) {
    if (!isJson(type)) continue;
    if (parameters.get('as') === undefined) return undefined;
    const version = parameters.get('v');
    const isDiscovery =
      parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('as') === 'APIGroupDiscoveryList';
    if (isDiscovery && (version === 'v2' || version === 'v2beta1')) return version;
  }
  return undefined;
}

function isJson(type: string): boolean {
  return type === 'application/json' || type === 'application/*' || type === '*/*';
}
