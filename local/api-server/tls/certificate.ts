import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  bits,
  boolean,
  element,
  explicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
} from './der.ts'

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const YEAR_MS = 365 * 24 * 3600 * 1000
const DAY_MS = 24 * 3600 * 1000

const NAME = sequence(set(sequence(oid('2.5.4.3'), utf8('penstock local API server'))))

const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value))

/** What the certificate is for: a server on localhost, trusted by itself. */
const extensions = (keyId: Buffer): Buffer =>
  explicit(
    3,
    sequence(
      extension('2.5.29.19', true, sequence(boolean(true))),
      extension('2.5.29.15', true, element(0x03, Buffer.from([1, 0b10000110]))),
      extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.14', false, octets(keyId)),
      extension(
        '2.5.29.17',
        false,
        sequence(
          element(0x82, Buffer.from('localhost')),
          element(0x87, Buffer.from([127, 0, 0, 1])),
        ),
      ),
    ),
  )

const serialNumber = (): Buffer => {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}

const body = (publicKey: KeyObject): Buffer => {
  const keyDer = publicKey.export({ type: 'spki', format: 'der' })
  const now = Date.now()
  return sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ECDSA_SHA256,
    NAME,
    sequence(time(new Date(now - DAY_MS)), time(new Date(now + 10 * YEAR_MS))),
    NAME,
    keyDer,
    extensions(createHash('sha1').update(keyDer).digest()),
  )
}

const pem = (der: Buffer): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/**
 * Makes a self-signed certificate for 127.0.0.1 and localhost, good for ten years.
 * https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export const createCertificate = (): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const tbs = body(publicKey)
  const certificate = sequence(tbs, ECDSA_SHA256, bits(sign('sha256', tbs, privateKey)))
  return {
    cert: pem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
