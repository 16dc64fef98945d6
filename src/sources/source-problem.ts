/** What is wrong with a manifest file, for the terminal. Lines and columns count from 1. */
export interface SourceProblem {
  /** As the user named it; `<stdin>` for standard input. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** A sentence: what is wrong and what to do. */
  readonly message: string;
}
