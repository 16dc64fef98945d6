import { styleText } from 'node:util';

/** One thing to tell the user. Further fields appear in JSON only. */
export interface OutputLine {
  readonly level: 'info' | 'warning' | 'error';
  /** What kind of line it is, for programs that read JSON: `Ready`, `Condition`, `Problem` and so on. */
  readonly type: string;
  /** A sentence. */
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Tells the user something. */
export type Report = (line: OutputLine) => void;

/** Where lines go, and how they look. */
export interface ReporterOptions {
  readonly format: 'text' | 'json';
  readonly write: (text: string) => void;
  /** Whether warnings and errors are coloured. */
  readonly hasColors: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** A `Report` that writes one line for each call: a sentence, or a JSON object. */
export function createReport({ format, write, hasColors, now }: ReporterOptions): Report {
  if (format === 'json')
    return (line) => write(`${JSON.stringify({ time: new Date(now()).toISOString(), ...line })}\n`);
  return ({ level, message }) => write(`${prefixes[level](hasColors)}${message.replaceAll(CONTROLS, ' ')}\n`);
}

// Messages quote what users wrote, in a cluster any of them: a terminal must not take orders from it.
const CONTROLS = /\p{Cc}+/gu;

const prefixes = {
  info: () => '',
  warning: (hasColors: boolean) => (hasColors ? styleText('yellow', 'warning: ') : 'warning: '),
  error: (hasColors: boolean) => (hasColors ? styleText('red', 'error: ') : 'error: '),
} as const;

/** Reports to standard output, in colour if it is a terminal. A reader that went away is no reason to stop serving. */
export function standardOutputReport(format: 'text' | 'json'): Report {
  process.stdout.on('error', () => undefined);
  return createReport({
    format,
    write: (text) => void process.stdout.write(text),
    hasColors: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    now: () => Date.now(),
  });
}
