/** What of the suite to run. */
export interface SuiteSettings {
  readonly profiles: readonly string[];
  /** The one test to run. Default: all of the profiles. */
  readonly test?: string;
  readonly repeat: number;
  /** Where the official report goes. Absent where one test runs, of which there is nothing to report. */
  readonly report?: string;
}

/** What the command tells the process that runs in namespaces of its own. */
export interface RunSettings extends SuiteSettings {
  /** Where Gateway API's own manifests are. Absent: the suite runs against the API that Sallyport embeds. */
  readonly gatewayApi?: string;
  /** Go programs: the suite, those that Pods run, and the control plane. */
  readonly programs: string;
  /** An empty folder for what is needed only while the run lasts. */
  readonly state: string;
  /** Kept until the next run. */
  readonly logs: string;
  /** Of Sallyport. */
  readonly version: string;
  /** Where other commands ask for runs, after the first. Absent: there are none. */
  readonly keptAt?: string;
}
