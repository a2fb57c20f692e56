import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import { der, integer, objectId, sequence, time } from './der.ts'

export interface Certificate {
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
}

/** Browsers refuse longer ones; it is made anew at every start anyway. */
const LIFETIME_DAYS = 397
const DAY_MS = 86_400_000

const ECDSA_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))
const NAME = sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from('Mapscope, self-signed')))))

/**
 * A certificate for these names and addresses, on P-256, that nobody vouches for: whoever connects compares its fingerprint with
 * the printed one. By hand, in a hundred lines, because what npm has for it brings a whole PKI along.
 */
export function selfSigned(names: readonly string[], now: Date = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const validity = sequence(
    time(new Date(now.getTime() - DAY_MS)),
    time(new Date(now.getTime() + LIFETIME_DAYS * DAY_MS)),
  )
  const content = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(randomBytes(16)),
    ECDSA_SHA256,
    NAME,
    validity,
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(names))),
  )
  const signature = sign('sha256', content, privateKey)
  const cert = sequence(content, ECDSA_SHA256, der(0x03, Buffer.alloc(1), signature))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: toPem(cert) }
}

/** SHA-256 of the first certificate of a PEM file, as browsers show it. */
export function fingerprint(cert: string): string {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(cert)?.[1] ?? ''
  const hex = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex').toUpperCase()
  return hex.match(/../g)?.join(':') ?? ''
}

function extensions(names: readonly string[]): Buffer[] {
  const isTrue = der(0x01, Uint8Array.of(0xff))
  return [
    // No certificate authority; for servers only.
    sequence(objectId('2.5.29.19'), isTrue, der(0x04, sequence())),
    sequence(objectId('2.5.29.37'), der(0x04, sequence(objectId('1.3.6.1.5.5.7.3.1')))),
    sequence(objectId('2.5.29.17'), der(0x04, sequence(...names.map(subjectName)))),
  ]
}

function subjectName(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressBytes(name))
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
