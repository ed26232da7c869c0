import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from 'loopback-server/certificate';

describe('makeCertificate', () => {
  it('makes a self-signed certificate for 127.0.0.1 that is valid now', () => {
    const now = new Date('2026-11-23T10:00:00Z');
    const { certificate, privateKey } = makeCertificate(now);
    const parsed = new X509Certificate(certificate);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(Date.parse(parsed.validFrom)).toBe(Date.UTC(2026, 10, 22, 10));
    expect(Date.parse(parsed.validTo)).toBe(Date.UTC(2026, 10, 24, 10));
  });

  it('is trusted only by a client that is configured to trust it', async () => {
    const { certificate, privateKey } = makeCertificate();
    const server = createServer({ cert: certificate, key: privateKey }, (_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const statusWith = (ca?: string) =>
      new Promise((resolve, reject) => {
        const request = get({ host: '127.0.0.1', port, ca, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject);
      });
    await expect(statusWith(certificate)).resolves.toBe(200);
    await expect(statusWith()).rejects.toThrow('self-signed certificate');
    await new Promise((resolve) => server.close(resolve));
  });
});
