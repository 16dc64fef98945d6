import { type CelValue, celEnv, isCelError, parse, plan } from '@bufbuild/cel';

const convert = plan(celEnv(), parse('timestamp(text)'));

/** The timestamp of an RFC 3339 text; undefined if it is none. */
export function parseTimestamp(text: string): CelValue | undefined {
  const result = convert({ text });
  return isCelError(result) ? undefined : result;
}
