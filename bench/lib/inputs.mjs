import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'
import { MiB, seeded } from './files.mjs'

/** `count` places from 0 to before `limit`, in a file that every subject reads. */
export function writePositions(file, count, { limit, isSequential = false, seed = 11 }) {
  const random = seeded(seed)
  const positions = Uint32Array.from({ length: count }, (_, n) =>
    isSequential ? n % limit : Math.floor(random() * limit),
  )
  writeFileSync(file, positions)
  return positions
}

const TEXT_FOLDERS = ['/usr/include', '/usr/share', path.join(root, 'node_modules/.pnpm')]
const TEXT_NAMES = /\.(h|hpp|c|txt|md|py|pl|pm|html|xml|js|mjs|ts)$/

/**
 * Real text of this machine: headers, manuals, sources, in the order of their names, round and round until there is enough; then `ending`.
 * Files with carriage returns are left out, since Node's `readLines` ends a line there and mmap's `readline` does not.
 */
export function writeText(file, byteLength, ending) {
  const fd = openSync(file, 'w')
  let written = 0
  for (let isEmpty = false; written < byteLength && !isEmpty; ) {
    const before = written
    for (const name of textFiles()) {
      const bytes = readFileSync(name)
      if (bytes.includes(0) || bytes.includes(13) || bytes.length === 0 || bytes.length > MiB) continue
      written += writeSync(fd, bytes)
      if (bytes.at(-1) !== 10) written += writeSync(fd, '\n')
      if (written >= byteLength) break
    }
    isEmpty = written === before
  }
  if (written < byteLength) throw new Error(`there is no text in ${TEXT_FOLDERS.join(', ')} to read lines of`)
  writeSync(fd, ending)
  closeSync(fd)
}

function* textFiles() {
  for (const folder of TEXT_FOLDERS) yield* textFilesIn(folder)
}

function* textFilesIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* textFilesIn(name)
    else if (entry.isFile() && TEXT_NAMES.test(entry.name)) yield name
  }
}

/** Puts the file out of the page cache. @throws when more than a hundredth of it is still there: the sample would not be cold. */
export function evict(file) {
  const script = path.join(root, 'bench/subjects/evict.py')
  const { resident, pages } = JSON.parse(execFileSync('python3', [script, file], { encoding: 'utf8' }))
  if (resident > pages / 100)
    throw new Error(`${resident} of ${pages} pages are still in memory after POSIX_FADV_DONTNEED`)
}

/** What `sampled` in measure.mjs says of `bytes`, piece by piece. */
export function sampledPieces(bytes, pieceByteLength) {
  let sum = 0
  for (let start = 0; start < bytes.length; start += pieceByteLength) {
    const piece = bytes.subarray(start, start + pieceByteLength)
    sum += piece.length + piece.at(-1)
    for (let at = 0; at < piece.length; at += 65_537) sum += piece[at]
  }
  return sum
}
