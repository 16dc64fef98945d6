const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN = /[\0\r\n]/;

/**
 * Fields that frame a message or belong to one connection (RFC 9110 §7.6.1, RFC 9112 §6). The gateway sets them itself;
 * a filter that set them could make two readers of one message disagree about where it ends.
 */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Why a filter cannot write, or remove, a field of that name: a sentence; undefined if it can. */
export function fieldNameProblem(name: string): string | undefined {
  if (!TOKEN.test(name)) return `"${name}" is not the name of a header.`;
  return OWN_FIELDS.has(name.toLowerCase()) ? `Header "${name}" is set by the gateway only.` : undefined;
}

/** Why a text cannot be the value of a field: a sentence; undefined if it can. */
export function fieldValueProblem(text: string): string | undefined {
  return FORBIDDEN.test(text) ? 'A header value must not have line breaks.' : undefined;
}

/** A field name that a filter may write. @throws For anything else. */
export function writableFieldName(name: string): string {
  const problem = fieldNameProblem(name);
  if (problem !== undefined) throw new Error(problem);
  return name;
}

/**
 * A field value as it goes on the wire: UTF-8, one character a byte. Without this step characters beyond latin1 would be
 * cut to one byte on the way out, and `U+010A` would become a line feed.
 *
 * @throws For values with line breaks or NUL.
 */
export function fieldValue(text: string): string {
  const problem = fieldValueProblem(text);
  if (problem !== undefined) throw new Error(problem);
  return Buffer.from(text.trim(), 'utf8').toString('latin1');
}
