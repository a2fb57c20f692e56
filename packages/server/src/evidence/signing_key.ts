import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { AuditError } from '../audit/audit_error.ts'

/** The Ed25519 key that signs off what is handed out; made, for its owner's eyes only, when there is none. */
export function signingKey(path: string): KeyObject {
  try {
    const { privateKey } = generateKeyPairSync('ed25519')
    // Made only where none is: an older key is what others have the fingerprint of.
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
    return privateKey
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw new AuditError(`${path} cannot be written`, { cause: error })
    return readKey(path)
  }
}

/** SHA-256 of the public key, by which people know whose signature it is. */
export function keyFingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(createPublicKeyOf(key).export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

export function createPublicKeyOf(key: KeyObject): KeyObject {
  return key.type === 'public' ? key : createPublicKey(key)
}

function readKey(path: string): KeyObject {
  const fd = openSync(path, 'r')
  try {
    if (process.platform !== 'win32' && (fstatSync(fd).mode & 0o077) !== 0)
      throw new AuditError(`${path} can be read by others; run: chmod 600 ${JSON.stringify(path)}`)
    const key = createPrivateKey(readFileSync(fd))
    if (key.asymmetricKeyType !== 'ed25519') throw new AuditError(`${path} is no Ed25519 key`)
    return key
  } finally {
    closeSync(fd)
  }
}
