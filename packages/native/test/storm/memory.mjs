import { closeSync, ftruncateSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'

export const PAGE = 4096
export const roundUp = (offset) => Math.ceil(offset / PAGE) * PAGE

/** What bytes are in a file, or in anonymous memory (`path` undefined): a plain array, which every answer is compared with. */
export class Memory {
  constructor(path, content, capacity) {
    this.path = path
    this.bytes = new Uint8Array(capacity)
    this.bytes.set(content)
    this.byteLength = content.byteLength
    if (path !== undefined) writeFileSync(path, content)
  }

  get isFile() {
    return this.path !== undefined
  }

  cut(byteLength) {
    withFile(this.path, (file) => ftruncateSync(file, byteLength))
    this.bytes.fill(0, byteLength)
    this.byteLength = byteLength
  }

  /** By its own bytes, so that zeros are never in the file. */
  append(bytes) {
    withFile(this.path, (file) => writeAll(file, bytes, this.byteLength))
    this.bytes.set(bytes, this.byteLength)
    this.byteLength += bytes.byteLength
  }

  overwrite(offset, bytes) {
    withFile(this.path, (file) => writeAll(file, bytes, offset))
    this.bytes.set(bytes, offset)
  }

  /** What the file has there: for when two who wrote at once left no telling whose bytes stayed. */
  reread(start, end) {
    const stop = Math.min(end, this.byteLength)
    if (stop <= start) return
    withFile(this.path, (file) => readSync(file, this.bytes, start, stop - start, start))
  }
}

function withFile(path, use) {
  const file = openSync(path, 'r+')
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}

function writeAll(file, bytes, offset) {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at, bytes.byteLength - at, offset + at)
}
