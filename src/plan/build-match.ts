import type { HTTPHeaderMatch, HTTPQueryParamMatch, HTTPRouteMatch } from '../api/parts/http-route-match.ts';
import type { MatchPlan, PathMatchPlan, ValueMatchPlan } from './types.ts';

/** The match of a rule without `matches`: "the default is a prefix path match on '/', which has the effect of matching every HTTP request". */
export const EVERY_REQUEST: HTTPRouteMatch = {};

/** A match with its defaults filled in. */
export function buildMatch({ path, method, headers = [], queryParams = [] }: HTTPRouteMatch): MatchPlan {
  return {
    path: buildPath(path),
    ...(method === undefined ? {} : { method }),
    headers: firstOfEachName(headers.map((header) => buildValue(header, header.name.toLowerCase()))),
    queryParams: firstOfEachName(queryParams.map((param) => buildValue(param, param.name))),
  };
}

function buildPath(path: HTTPRouteMatch['path']): PathMatchPlan {
  const type = path?.type ?? 'PathPrefix';
  const value = path?.value ?? '/';
  return { type, value: type === 'PathPrefix' ? withoutTrailingSlash(value) : value };
}

/** HTTPPathMatch: "the paths `/abc`, `/abc/`, and `/abc/def` would all match the prefix `/abc`". A slash at its end changes nothing. */
function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function buildValue(match: HTTPHeaderMatch | HTTPQueryParamMatch, name: string): ValueMatchPlan {
  return { type: match.type ?? 'Exact', name, value: match.value };
}

/** "If multiple entries specify equivalent header names, only the first entry with an equivalent name MUST be considered for a match." */
function firstOfEachName(matches: readonly ValueMatchPlan[]): readonly ValueMatchPlan[] {
  return matches.filter(({ name }, index) => matches.findIndex((other) => other.name === name) === index);
}
