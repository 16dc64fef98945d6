/** Hostnames in lower case. `undefined` or `*` stands for every host. */

/**
 * The narrower of two hostnames if they overlap. Gateway API, Hostname: "*.example.com" is for one or more labels, so
 * it covers "a.b.example.com" and not "example.com".
 */
export function intersectHostnames(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || one === '*') return other ?? '*';
  if (other === undefined || other === '*') return one;
  if (one === other || isWithin(one, other)) return one;
  return isWithin(other, one) ? other : undefined;
}

function isWithin(narrow: string, wide: string): boolean {
  return wide.startsWith('*.') && narrow !== wide && narrow.endsWith(wide.slice(1));
}

/** The hosts that a route serves on a listener, without doubles, ordered; empty if they have none in common. */
export function commonHostnames(route: readonly string[] | undefined, listener: string | undefined): readonly string[] {
  if (route === undefined || route.length === 0) return [listener ?? '*'];
  const common = route.flatMap((hostname) => intersectHostnames(hostname.toLowerCase(), listener) ?? []);
  return [...new Set(common)].sort();
}
