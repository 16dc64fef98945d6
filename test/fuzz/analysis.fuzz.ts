import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Secret } from '../../src/api/core/secret.ts';
import { parseCertificate } from '../../src/analysis/certificates.ts';
import { parseEndpointsAnnotation } from '../../src/analysis/endpoints-annotation.ts';
import { regularExpressionProblem } from '../../src/analysis/regular-expression.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 10);
const options = { interruptAfterTimeLimit: (seconds * 1000) / 3, numRuns: 1_000_000_000 };

const annotationText = fc.oneof(
  fc.string(),
  fc
    .array(fc.oneof(fc.constantFrom('127.0.0.1', '[::1]', ':', '3000', ',', ' ', 'localhost', '0', '['), fc.string()))
    .map((parts) => parts.join('')),
);

test('an endpoints annotation gives addresses with ports, or names what is none', () => {
  fc.assert(
    fc.property(annotationText, (text) => {
      const { endpoints, unusable } = parseEndpointsAnnotation(text);
      const entries = text.split(',').filter((entry) => entry.trim() !== '');
      expect(endpoints.length + unusable.length).toBe(entries.length);
      for (const { port } of endpoints) expect(port >= 1 && port <= 65_535).toBe(true);
    }),
    options,
  );
});

test('a Secret of any content gives a certificate or a sentence', () => {
  const base64 = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  const pem = fc
    .string()
    .map((body) => btoa(`-----BEGIN CERTIFICATE-----\n${btoa(encodeURI(body))}\n-----END CERTIFICATE-----\n`));
  const value = fc.oneof(base64, pem, fc.string());
  const data = fc.record({ 'tls.crt': value, 'tls.key': value }, { requiredKeys: [] });
  fc.assert(
    fc.property(data, fc.constantFrom('kubernetes.io/tls', 'Opaque', ''), (content, type) => {
      const metadata = { name: 'cert', namespace: 'default' };
      const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata, type, data: content };
      const parsed = parseCertificate(secret);
      expect(parsed.type === 'Problem' ? parsed.message : parsed.certificate.fingerprint).toMatch(/\S/);
    }),
    options,
  );
});

test('any text is a regular expression or has a problem, and never an exception', () => {
  const pattern = fc.array(
    fc.oneof(fc.constantFrom('(', ')', '[', ']', '*', '+', '?', '\\', '{', '|', '^'), fc.string()),
  );
  fc.assert(
    fc.property(pattern, (parts) => {
      const problem = regularExpressionProblem(parts.join(''));
      expect(problem === undefined || problem.length > 0).toBe(true);
    }),
    options,
  );
});
