import type { Infer } from '../schema.ts';
import { array, described, object, oneOf, required } from '../schema.ts';
import { httpCorsFilter } from './http-cors-filter.ts';
import { httpExternalAuthFilter } from './http-external-auth-filter.ts';
import { httpHeaderFilter } from './http-header.ts';
import { httpRequestRedirectFilter, httpUrlRewriteFilter } from './http-path-filters.ts';
import { localObjectReference } from './references.ts';
import { httpRequestMirrorFilter } from './request-mirror.ts';
import { notRepeated, settingsMatchType } from './route-filter.ts';

const httpRouteFilter = object(
  {
    type: required(
      oneOf(
        [
          'RequestHeaderModifier',
          'ResponseHeaderModifier',
          'RequestMirror',
          'RequestRedirect',
          'URLRewrite',
          'ExtensionRef',
          'CORS',
          'ExternalAuth',
        ],
        { description: 'What the filter does; the field of that name has the settings.' },
      ),
    ),
    requestHeaderModifier: described(httpHeaderFilter, 'Changes the headers of requests.'),
    responseHeaderModifier: described(httpHeaderFilter, 'Changes the headers of responses.'),
    requestMirror: httpRequestMirrorFilter,
    requestRedirect: httpRequestRedirectFilter,
    urlRewrite: httpUrlRewriteFilter,
    cors: httpCorsFilter,
    externalAuth: httpExternalAuthFilter,
    extensionRef: described(localObjectReference, 'A filter of a kind that the Gateway API does not know.'),
  },
  {
    description: 'Changes requests or responses, or answers requests.',
    'x-kubernetes-validations': settingsMatchType([
      ['cors', 'CORS'],
      ['requestHeaderModifier', 'RequestHeaderModifier'],
      ['responseHeaderModifier', 'ResponseHeaderModifier'],
      ['requestMirror', 'RequestMirror'],
      ['requestRedirect', 'RequestRedirect'],
      ['urlRewrite', 'URLRewrite'],
      ['extensionRef', 'ExtensionRef'],
      ['externalAuth', 'ExternalAuth'],
    ]),
  },
);

/** A filter of an HTTPRoute: `type` says which of the other fields is there. */
export type HTTPRouteFilter = Infer<typeof httpRouteFilter>;

/** `filters` of a rule of an HTTPRoute and of each of its backends. */
export const httpRouteFilters = array(httpRouteFilter, {
  description: 'What to do with requests and responses. A filter that cannot be applied makes requests fail.',
  maxItems: 16,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    {
      message: 'May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both',
      rule: "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
    },
    ...notRepeated('CORS', 'RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'),
  ],
});
