import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The folder in `prebuilds/` that holds this system's binary: `linux-x64`, `linux-x64-musl`, `darwin-arm64`, …. A binary made for glibc is not
 * tried on musl at all: with a compatibility layer installed it may load there, and then misbehave.
 */
export function prebuildName(executable: string = '/proc/self/exe'): string {
  const name = `${process.platform}-${process.arch}`
  return process.platform === 'linux' && runsOnMusl(executable) ? `${name}-musl` : name
}

function runsOnMusl(executable: string): boolean {
  try {
    return interpreterOf(executable).includes('/ld-musl-')
  } catch {
    return false // no /proc: the usual library is the better guess, and the loader says what came of it
  }
}

/**
 * The dynamic linker that a 64-bit little-endian ELF file asks for, which says which C library its process runs on; empty when it
 * asks for none. `process.report` knows it as well, but takes milliseconds, and looks up host names on the way.
 */
export function interpreterOf(executable: string): string {
  const file = openSync(executable, 'r')
  try {
    const header = readAt(file, 0, 64)
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return ''
    const entryByteLength = header.readUInt16LE(54)
    const table = readAt(file, Number(header.readBigUInt64LE(32)), entryByteLength * header.readUInt16LE(56))
    for (let at = 0; at + 40 <= table.byteLength; at += entryByteLength) {
      const isInterpreter = table.readUInt32LE(at) === 3
      if (isInterpreter) {
        const place = Number(table.readBigUInt64LE(at + 8))
        return readAt(file, place, Number(table.readBigUInt64LE(at + 32))).toString('latin1')
      }
    }
    return ''
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, offset: number, byteLength: number): Buffer {
  const bytes = Buffer.alloc(byteLength)
  return bytes.subarray(0, readSync(file, bytes, 0, byteLength, offset))
}
