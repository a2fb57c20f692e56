import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'

export const BLOCK = 4096
const CELL = 8

/**
 * A file every eight bytes of which say where they belong and of which version of their block they are: `u32` place, `u16` version, `u16` check.
 * What a reader got is compared with the versions that the block had while it was read, and so is known to be of this file, of this place and of that time.
 */
export class SoakFile {
  constructor(path, { id, byteLength, firstBlock = 0, isCut = false }) {
    Object.assign(this, { id, path, byteLength, firstBlock, isCut })
    this.fd = openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_TRUNC, 0o644)
    this.presentByteLength = byteLength
    /** Block → its versions, each with the step from which on it was there; 0 is zeros. */
    this.history = new Map()
    ftruncateSync(this.fd, byteLength)
    for (let block = firstBlock; block < byteLength / BLOCK; block++) this.write(block, 1, 0)
  }

  write(block, version, step) {
    const versions = this.history.get(block) ?? []
    versions.push({ version, step })
    // Older ones than these are of no request that is still under way.
    if (versions.length > 200) versions.splice(0, 100)
    this.history.set(block, versions)
    writeSync(this.fd, this.#bytes(block, version), 0, BLOCK, block * BLOCK)
  }

  /** Whoever wrote last. */
  versionOf(block) {
    return this.history.get(block)?.at(-1).version ?? 0
  }

  /** Cuts the file, then lets it grow to its length again, with bytes that it never had. */
  cut(blockCount, step) {
    ftruncateSync(this.fd, blockCount * BLOCK)
    this.presentByteLength = blockCount * BLOCK
    for (let block = blockCount; block < this.byteLength / BLOCK; block++) {
      this.history.get(block).push({ version: 0, step })
    }
  }

  grow(step) {
    for (let block = this.presentByteLength / BLOCK; block < this.byteLength / BLOCK; block++) {
      const last = this.history.get(block).findLast(({ version }) => version > 0).version
      this.write(block, (last % 60_000) + 1, step)
    }
    this.presentByteLength = this.byteLength
  }

  /** The first wrong cell of bytes that were read between two steps, or nothing. */
  wrongIn(bytes, offset, from) {
    const end = offset + bytes.length
    for (let at = Math.ceil(offset / CELL) * CELL; at + CELL <= end; ) {
      const block = Math.floor(at / BLOCK)
      const blockEnd = Math.min((block + 1) * BLOCK, end)
      const allowed = this.#allowed(block, from)
      for (; at + CELL <= blockEnd; at += CELL) {
        const high = bytes.readUInt32LE(at - offset + 4)
        const [place, version, check] = [bytes.readUInt32LE(at - offset), high & 0xffff, high >>> 16]
        const isRight =
          allowed.has(version) &&
          (version === 0 ? place === 0 && check === 0 : place === at / CELL && check === this.#check(place, version))
        if (!isRight) return { file: this.path, at, place, version, check, allowed: [...allowed], from }
      }
      at = Math.max(at, Math.ceil(blockEnd / CELL) * CELL)
    }
    return undefined
  }

  close() {
    closeSync(this.fd)
  }

  /** The versions that a block had at any time since a step. */
  #allowed(block, from) {
    const versions = this.history.get(block) ?? [{ version: 0, step: 0 }]
    const first = Math.max(
      versions.findLastIndex(({ step }) => step <= from),
      0,
    )
    return new Set(versions.slice(first).map(({ version }) => version))
  }

  #bytes(block, version) {
    const bytes = Buffer.alloc(BLOCK)
    for (let at = 0; at < BLOCK; at += CELL) {
      const place = (block * BLOCK + at) / CELL
      bytes.writeUInt32LE(place, at)
      bytes.writeUInt32LE(version + this.#check(place, version) * 0x10000, at + 4)
    }
    return bytes
  }

  #check(place, version) {
    let mixed = Math.imul(place ^ Math.imul(version + this.id * 0x9e3779b1, 0x85ebca6b), 0xc2b2ae35)
    mixed ^= mixed >>> 15
    return (Math.imul(mixed, 0x27d4eb2f) >>> 16) & 0xffff
  }
}
