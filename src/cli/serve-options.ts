/** The options of every command that runs a gateway, as parsed. */
export interface ServerOptions {
  readonly kubeconfigOut: string;
  readonly apiPort: number;
  readonly adminPort: number;
  readonly workers?: number;
  readonly output: 'text' | 'json';
}

/** The options of `sallyport serve`. */
export interface ServeOptions extends ServerOptions {
  readonly addressPool?: string;
  readonly address?: string;
  readonly portOffset: number;
  readonly trustedProxy?: readonly string[];
  readonly controllerName?: readonly string[];
  readonly dataDir?: string;
  readonly allowExternalName?: boolean;
}
