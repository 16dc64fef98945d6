import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeServerCertificate } from './server-certificate.ts';

const NOW_MS = Date.UTC(2026, 0, 2);

test('the server certificate is for its names and addresses, and signed by the authority', async () => {
  const addresses = ['127.0.0.1', '::1', '2001:db8::a:0:12', 'localhost'];
  const made = await makeServerCertificate(addresses, NOW_MS);
  const [server, authority] = [new X509Certificate(made.certificate), new X509Certificate(made.authority)];
  expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
  expect(server.checkPrivateKey(createPrivateKey(made.privateKey))).toBe(true);
  expect([server.ca, server.subject, server.issuer]).toEqual([false, 'CN=sallyport-apiserver', 'CN=sallyport-ca']);
  expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  for (const address of addresses.slice(0, -1)) expect(server.checkIP(address)).toBe(address);
  expect(server.checkHost('localhost')).toBe('localhost');
  expect(server.checkIP('127.0.0.2')).toBeUndefined();
});

test('the authority signs itself, and both are valid from the day before for ten years', async () => {
  const made = await makeServerCertificate(['127.0.0.1'], NOW_MS);
  const [server, authority] = [new X509Certificate(made.certificate), new X509Certificate(made.authority)];
  expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
  for (const { validFrom, validTo } of [server, authority]) {
    expect([new Date(validFrom).toISOString(), new Date(validTo).toISOString()]).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2035-12-31T00:00:00.000Z',
    ]);
  }
  expect(server.serialNumber).not.toBe(authority.serialNumber);
});
