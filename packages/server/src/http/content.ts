import { createHash } from 'node:crypto'
import type { ByteRange } from '@mapscope/protocol'

/** What distinguishes one state of a file from another: size and both clocks, to the nanosecond, of one inode. */
export interface FileStamp {
  readonly byteLength: number
  readonly device: bigint
  readonly inode: bigint
  readonly modifiedNs: bigint
  readonly changedNs: bigint
}

const knownTags: WeakMap<FileStamp, { readonly revision: number; readonly etag: string }> = new WeakMap()

/**
 * A strong entity tag. The change time is in it because the modification time can be put back (`touch -d`), which nginx's
 * tag does not notice; hashed so that it says nothing about the machine. Kept for the same stamp: hashing takes as long as reading 4 KiB.
 */
export function makeEtag(stamp: FileStamp, revision: number): string {
  const known = knownTags.get(stamp)
  if (known?.revision === revision) return known.etag
  const { device, inode, byteLength, modifiedNs, changedNs } = stamp
  const text = [revision, device, inode, byteLength, modifiedNs, changedNs].join(':')
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
  knownTags.set(stamp, { revision, etag })
  return etag
}

const MAX_KNOWN_NAMES = 256
const knownHeaders: Map<string, Readonly<Record<string, string>>> = new Map()

/** Headers of every answer that carries a file's bytes: nothing in it may run, frame or be sniffed. */
export function servedBytesHeaders(name: string): Readonly<Record<string, string>> {
  const known = knownHeaders.get(name)
  if (known !== undefined) return known
  if (knownHeaders.size === MAX_KNOWN_NAMES) knownHeaders.clear()
  const headers = makeBytesHeaders(name)
  knownHeaders.set(name, headers)
  return headers
}

function makeBytesHeaders(name: string): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-disposition': attachment(name),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "sandbox; default-src 'none'",
    'accept-ranges': 'bytes',
  }
}

/** RFC 6266: an ASCII stand-in for old clients and the true name in UTF-8 (RFC 8187). */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

export function contentRange(range: ByteRange, byteLength: number): string {
  return `bytes ${range.start}-${range.end - 1}/${byteLength}`
}

export function unsatisfiedContentRange(byteLength: number): string {
  return `bytes */${byteLength}`
}
