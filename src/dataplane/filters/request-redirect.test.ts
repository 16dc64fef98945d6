import { describe, expect, test } from 'vitest';
import { exchangeFor } from '../../../test/support/exchange.ts';
import type { RequestOptions } from '../../../test/support/request-view.ts';
import type { RedirectPlan } from '../../plan/types.ts';
import { compileRedirect } from './request-redirect.ts';

describe('RequestRedirect', () => {
  function location(plan: Partial<RedirectPlan>, target: string, options: RequestOptions = {}, port = 80): string {
    const redirect: RedirectPlan = { type: 'Redirect', statusCode: 302, portFrom: 'Plan', ...plan };
    const answer = compileRedirect(redirect)(exchangeFor(target, options, port));
    expect(answer.statusCode).toBe(redirect.statusCode);
    return answer.headers.find(([name]) => name === 'Location')?.[1] ?? '';
  }

  test.each<{
    name: string;
    plan: Partial<RedirectPlan>;
    target?: string;
    options?: RequestOptions;
    port?: number;
    to: string;
  }>([
    {
      name: 'path and query are kept',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      target: '/a/b%20c?x=1&y=%2F',
      to: 'http://example.org/a/b%20c?x=1&y=%2F',
    },
    { name: 'the host of the request is kept', plan: { scheme: 'https', statusCode: 301 }, to: 'https://example.com/' },
    {
      name: 'with a scheme and no port the answer names none, whatever the listener',
      plan: { scheme: 'https' },
      options: { authority: 'example.com:8080' },
      port: 8080,
      to: 'https://example.com/',
    },
    {
      name: 'without scheme and port it names the port of the listener, not that of the Host header',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      options: { authority: 'example.com:1234' },
      port: 8080,
      to: 'http://example.org:8080/',
    },
    { name: 'port 80 is left out for http', plan: { port: 80, scheme: 'http' }, to: 'http://example.com/' },
    { name: 'port 443 is left out for https', plan: { port: 443, scheme: 'https' }, to: 'https://example.com/' },
    { name: 'port 443 is named for http', plan: { port: 443, scheme: 'http' }, to: 'http://example.com:443/' },
    { name: 'port 80 is named for https', plan: { port: 80, scheme: 'https' }, to: 'https://example.com:80/' },
    {
      name: 'a port is taken with the scheme of the request',
      plan: { port: 8443 },
      options: { scheme: 'https' },
      to: 'https://example.com:8443/',
    },
    {
      name: 'an HTTPS listener on 443 leaves its port out',
      plan: { hostname: 'example.org', portFrom: 'Listener' },
      options: { scheme: 'https' },
      port: 443,
      to: 'https://example.org/',
    },
    {
      name: 'an IPv6 host keeps its brackets and loses its port',
      plan: { scheme: 'https' },
      options: { authority: '[::1]:8080' },
      to: 'https://[::1]/',
    },
    {
      name: 'a prefix is replaced',
      plan: { path: { type: 'ReplacePrefixMatch', prefix: '/original', value: '/new' } },
      target: '/original/a?q=1',
      to: 'http://example.com/new/a?q=1',
    },
    {
      name: 'a full path is replaced',
      plan: { path: { type: 'ReplaceFullPath', value: '/full' }, statusCode: 308 },
      target: '/original/a?q=1',
      to: 'http://example.com/full?q=1',
    },
  ])('$name', ({ plan, target = '/', options, port, to }) => {
    expect(location(plan, target, options, port)).toBe(to);
  });
});
