/** What the analysis needs to know about the program that it runs in. */
export interface AnalysisOptions {
  /**
   * The controller names that are ours. Undefined: every GatewayClass is adopted, and Gateways and routes whose class
   * or Gateway does not exist are ours too, so that they are told.
   */
  readonly controllerNames?: readonly string[];
  /** Without a cluster: endpoints also come from Pods and from the annotation `sallyport.dev/endpoints`. */
  readonly embedded: boolean;
  /** The one address of all Gateways that ask for none. Default: each gets one of its own. */
  readonly sharedAddress?: string;
  /**
   * Whether Services of type ExternalName can be backends. Default false: whoever can name a Service could reach any
   * host.
   */
  readonly allowExternalName?: boolean;
  /** What the engine can do, by the Gateway API's feature names. */
  readonly features: ReadonlySet<string>;
}

/** The controller that speaks where no GatewayClass names one: about a Gateway whose class does not exist. */
export const DEFAULT_CONTROLLER_NAME = 'sallyport.dev/gateway-controller';

/** Whether a controller name is one of ours. */
export function owns({ controllerNames }: Pick<AnalysisOptions, 'controllerNames'>, controllerName: string): boolean {
  return controllerNames === undefined || controllerNames.includes(controllerName);
}
