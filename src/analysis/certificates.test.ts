import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Secret } from '../api/core/secret.ts';
import { covers, parseCertificate } from './certificates.ts';

const SECRET: Secret = parse(readFileSync(join(import.meta.dirname, 'testdata/base/certificate.yaml'), 'utf8'));

test('a certificate is described by its names, its end and its fingerprint, and shows no key', () => {
  const parsed = parseCertificate(SECRET);
  expect(parsed).toMatchObject({
    type: 'Certificate',
    certificate: {
      names: ['example.com', '*.example.com'],
      notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(JSON.stringify(parsed)).not.toContain('PRIVATE KEY');
});

test('a Secret object is parsed once', () => {
  expect(parseCertificate(SECRET)).toBe(parseCertificate(SECRET));
  expect(parseCertificate({ ...SECRET })).not.toBe(parseCertificate(SECRET));
});

test.each([
  { name: 'a name of its own', hostname: 'example.com', covered: true },
  { name: 'a host under its wildcard', hostname: 'a.example.com', covered: true },
  { name: 'its wildcard', hostname: '*.example.com', covered: true },
  { name: 'a host two labels under its wildcard', hostname: 'a.b.example.com', covered: false },
  { name: 'another domain', hostname: 'example.org', covered: false },
  { name: 'a host of one label', hostname: 'localhost', covered: false },
])('the certificate covers $name: $covered', ({ hostname, covered }) => {
  const parsed = parseCertificate(SECRET);
  expect(parsed.type === 'Certificate' && covers(parsed.certificate, hostname)).toBe(covered);
});
