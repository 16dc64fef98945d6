import { isIP, isIPv4, isIPv6 } from 'node:net';

type Check = (text: string) => boolean;

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)$/;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DURATION = /^[+-]?((\d+(\.\d*)?|\.\d+)\s*(ns|us|µs|ms|s|m|h|d|w))+$|^0$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const MAC = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2})$/i;
const HOSTNAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Whether a text is a date as RFC 3339 writes it, one that the calendar has. */
function isDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

function isCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const bits = text.slice(slash + 1);
  const family = slash === -1 ? 0 : isIP(text.slice(0, slash));
  return family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/** Keys are without dashes, because `date-time` and `datetime` are the same format. */
const FORMATS: Readonly<Record<string, Check>> = {
  // Line breaks do not count: Secrets are often written with wrapped base64.
  byte: (text) => BASE64.test(text.replace(/[\r\n]/g, '')),
  date: isDate,
  datetime: (text) => isDate(DATE_TIME.exec(text)?.[1] ?? ''),
  duration: (text) => DURATION.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: (text) => MAC.test(text),
  uuid: (text) => UUID.test(text),
  hostname: (text) => text.length <= 255 && HOSTNAME.test(text),
  email: (text) => EMAIL.test(text),
  uri: (text) => text.startsWith('/') || URL.canParse(text),
};

/** The check of a string format; undefined for formats that are not checked, which Kubernetes ignores as well. */
export function formatCheck(format: string): Check | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}
