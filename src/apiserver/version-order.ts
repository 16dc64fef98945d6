const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/**
 * Orders versions as Kubernetes does, the most stable and newest first: v2, v1, v1beta2, v1beta1, v1alpha1, and then names
 * of another form by the alphabet.
 */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [rank(one), rank(other)];
  if (first === undefined || second === undefined) {
    if (first === undefined && second === undefined) return one < other ? -1 : Number(one > other);
    return first === undefined ? 1 : -1;
  }
  return second.stability - first.stability || second.major - first.major || second.minor - first.minor;
}

function rank(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = VERSION.exec(version);
  if (match === null) return undefined;
  const stability = match[2] === undefined ? 2 : Number(match[2] === 'beta');
  return { stability, major: Number(match[1]), minor: Number(match[3] ?? 0) };
}
