import { isIP } from 'node:net';

/** What an annotation says. */
export interface AnnotatedEndpoints {
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
  /** Entries that are no address with a port. */
  readonly unusable: readonly string[];
}

/** Reads `127.0.0.1:3000, [::1]:3001`; `localhost` stands for 127.0.0.1. Empty entries do not matter. */
export function parseEndpointsAnnotation(text: string): AnnotatedEndpoints {
  const endpoints: { address: string; port: number }[] = [];
  const unusable: string[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    const endpoint = parseEndpoint(entry);
    if (endpoint !== undefined) endpoints.push(endpoint);
    else if (entry !== '') unusable.push(entry);
  }
  return { endpoints, unusable };
}

function parseEndpoint(entry: string): { address: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(entry) ?? [];
  const host = bracketed ?? plain;
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const port = Number(digits);
  return address === undefined || isIP(address) === 0 || port < 1 || port > 65_535 ? undefined : { address, port };
}
