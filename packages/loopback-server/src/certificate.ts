import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A self-signed certificate for 127.0.0.1 and its private key, both PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Makes a certificate for servers on 127.0.0.1, valid for a day. Node clients trust it with `NODE_EXTRA_CA_CERTS`. */
export function makeCertificate(now = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const content = certificateContent(publicKey, now);
  const signature = sign('sha256', content, privateKey);
  const certificate = sequence(content, ecdsaWithSha256, bitString(signature));
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines(certificate.toString('base64'))}-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const dayMs = 24 * 60 * 60_000;

/** RFC 5280, section 4.1: TBSCertificate, version 3. */
function certificateContent(publicKey: KeyObject, now: Date): Buffer {
  const name = sequence(der(0x31, sequence(objectIdentifier('550403'), der(0x0c, Buffer.from('127.0.0.1')))));
  const validity = sequence(utcTime(new Date(now.getTime() - dayMs)), utcTime(new Date(now.getTime() + dayMs)));
  const mayBeAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))));
  const address = extension('551d11', sequence(der(0x87, Buffer.from([127, 0, 0, 1]))));
  return sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(mayBeAuthority, address)),
  );
}

/** One value in DER: its tag, its length, its content (ITU-T X.690). */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const { length } = value;
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), value]);
}

function sequence(...values: readonly Buffer[]): Buffer {
  return der(0x30, ...values);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), bytes);
}

function objectIdentifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function extension(identifierHex: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(identifierHex), der(0x04, value));
}

/** `YYMMDDhhmmssZ` */
function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`));
}

const ecdsaWithSha256 = sequence(objectIdentifier('2a8648ce3d040302'));

function lines(text: string): string {
  return text.replaceAll(/.{1,64}/g, '$&\n');
}
