import { closeSync, openSync, readdirSync, readFileSync, realpathSync, writeSync } from 'node:fs'
import path from 'node:path'

const FOLDERS = ['/usr/lib', '/usr/bin']

/** Real machine code of this machine, shared libraries and programs in the order of their names, round and round until there is enough. */
export function writeReal(file, byteLength) {
  const fd = openSync(file, 'w')
  let written = 0
  while (written < byteLength) {
    const before = written
    for (const name of FOLDERS.flatMap((folder) => [...elfFilesIn(folder)])) {
      const bytes = readFileSync(name).subarray(0, byteLength - written)
      written += writeSync(fd, bytes)
      if (written >= byteLength) break
    }
    if (written === before) throw new Error(`there are no programs in ${FOLDERS.join(', ')}`)
  }
  closeSync(fd)
}

function* elfFilesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* elfFilesIn(name)
    else if (entry.isFile() && isElf(name)) yield realpathSync(name)
  }
}

function isElf(name) {
  if (!/\.so(\.|$)|\/bin\//.test(name)) return false
  const bytes = readFileSync(name)
  return bytes.length > 4 && bytes.readUInt32BE(0) === 0x7f454c46
}

/** Zeros that are stored, so that no hole spares anybody the reading. */
export function writeZeros(file, byteLength) {
  const fd = openSync(file, 'w')
  const block = Buffer.alloc(16 * 1024 ** 2)
  for (let written = 0; written < byteLength; written += block.length) writeSync(fd, block)
  closeSync(fd)
}
