/** What the command tells the process that runs in namespaces of its own. */
export interface RunSettings {
  /** Go programs: the suite, and those that Pods run. */
  readonly programs: string;
  /** An empty folder for what is needed only while the run lasts. */
  readonly state: string;
  /** Kept until the next run. */
  readonly logs: string;
  readonly profiles: readonly string[];
  /** The one test to run. Default: all of the profiles. */
  readonly test?: string;
  readonly repeat: number;
  /** Where the official report goes. Absent where one test runs, of which there is nothing to report. */
  readonly report?: string;
  readonly version: string;
}
