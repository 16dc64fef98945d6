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

/** A field name that a filter may write. @throws For anything else. */
export function writableFieldName(name: string): string {
  if (!TOKEN.test(name)) throw new Error(`"${name}" is not a field name.`);
  if (OWN_FIELDS.has(name.toLowerCase())) throw new Error(`Field "${name}" is set by the gateway only.`);
  return name;
}

/**
 * A field value as it goes on the wire: UTF-8, one character a byte. Without this step characters beyond latin1 would be
 * cut to one byte on the way out, and `U+010A` would become a line feed.
 *
 * @throws For values with line breaks or NUL.
 */
export function fieldValue(text: string): string {
  if (FORBIDDEN.test(text)) throw new Error('A field value has no line breaks.');
  return Buffer.from(text.trim(), 'utf8').toString('latin1');
}
