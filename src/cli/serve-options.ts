/** The options of every command that runs a gateway, as parsed. */
export interface RunOptions {
  readonly adminPort: number;
  readonly workers?: number;
  readonly output: 'text' | 'json';
}

/** The options of every command that brings a Kubernetes API of its own. */
export interface ServerOptions extends RunOptions {
  readonly kubeconfigOut: string;
  readonly apiPort: number;
}

/** The options that say where Gateways listen, and whom they trust. */
export interface GatewayOptions {
  readonly addressPool?: string;
  readonly address?: string;
  readonly portOffset: number;
  readonly trustedProxy?: readonly string[];
  readonly allowExternalName?: boolean;
}

/** The options of `sallyport serve`. */
export interface ServeOptions extends ServerOptions, GatewayOptions {
  readonly controllerName?: readonly string[];
  readonly dataDir?: string;
}

/** The options of `sallyport controller`. */
export interface ControllerCommandOptions extends RunOptions, GatewayOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  readonly controllerName: string;
}
