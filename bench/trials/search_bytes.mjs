import path from 'node:path'
import { inFolder, MiB, seeded, writeRandom } from '../lib/files.mjs'
import { advantage, agreed, measureRows } from '../lib/operations.mjs'
import { writeReal, writeZeros } from '../lib/search_inputs.mjs'
import { SEARCH_RIVALS } from '../lib/search_rivals.mjs'

const BYTE_LENGTH = 512 * MiB
const LIMIT = 'C, the limit'
const PYTHON = 'python mmap'

/** All hits counted, in machine code, random bytes and zeros that are in the page cache: literals, masks, letters of any case, lists. */
export function searchBytesTrial() {
  return inFolder((folder) => {
    const files = {
      random: path.join(folder, 'random.bin'),
      real: path.join(folder, 'real.bin'),
      zero: path.join(folder, 'zero.bin'),
    }
    writeRandom(files.random, BYTE_LENGTH, 'MAPSCOPE')
    writeReal(files.real, BYTE_LENGTH)
    writeZeros(files.zero, BYTE_LENGTH)
    return measureRows(rows(files), { rounds: 3, rivals: SEARCH_RIVALS })
  })
}

function rows({ random, real, zero }) {
  return [
    literal('8 bytes, once, in random', random, '4d415053434f5045', 0.8),
    literal('4 bytes, in machine code', real, '7f454c46', 0.8),
    literal('16 absent bytes, in machine code', real, '6d617073636f706520697320676f6f64', 0.8),
    literal('64 bytes, zeros and a one, in zeros', zero, `${'00'.repeat(63)}01`, 0.7),
    // A hundred million hits, each a call of those who find one at a time: they take most of a minute.
    { ...literal('1 byte, zero, in machine code', real, '00', 0.5), rivals: ['mapscope', 'ripgrep', LIMIT] },
    masked('E8 ?? ?? ?? ?? 48 8B, in machine code', real, 'E8 ?? ?? ?? ?? 48 8B', '\\xe8.{4}\\x48\\x8b'),
    masked('4D 5A ?? ?? 50, in machine code', real, '4D 5A ?? ?? 50', 'MZ..P'),
    {
      ...common('"copyright" in any case, in machine code', real),
      parameters: {
        query: { kind: 'text', text: 'copyright', isCaseInsensitive: true },
        regexp: '(?i:copyright)',
        command: [
          'rg',
          '-c',
          '-o',
          '--count-matches',
          '-a',
          '--no-unicode',
          '--mmap',
          '-i',
          '-e',
          'copyright',
          '{file}',
        ],
      },
      rivals: ['mapscope', PYTHON, 'ripgrep', LIMIT],
      goals: [goalOfLimit('letters of any case', 0.6)],
    },
    needles('1,000 absent needles of 8 bytes, in machine code', real),
  ]
}

function common(name, file) {
  return { name, file, operation: 'count', unit: 'ms', byteLength: BYTE_LENGTH, answer: agreed([LIMIT]) }
}

/** Of what the memory gives to a sum over the same bytes in the same round. */
function goalOfLimit(what, share) {
  return { text: `${what}: ${share} of the memory’s speed`, of: advantage(LIMIT), atLeast: share }
}

function literal(name, file, hex, share) {
  const escaped = hex.replace(/../g, (pair) => `\\x${pair}`)
  return {
    ...common(name, file),
    operation: 'findAll',
    parameters: {
      query: { kind: 'hex', text: hex },
      needle: hex,
      command: ['rg', '-U', '--count-matches', '-a', '--no-unicode', '--mmap', '-e', `(?-u)${escaped}`, '{file}'],
      passes: 3,
    },
    rivals: ['mapscope', PYTHON, 'plain JavaScript', 'ripgrep', LIMIT],
    goals: [
      goalOfLimit(name, share),
      { text: `${name}: at least ripgrep’s speed`, of: advantage('ripgrep'), atLeast: 1 },
    ],
  }
}

function masked(name, file, hex, regexp) {
  return {
    ...common(name, file),
    parameters: {
      query: { kind: 'hex', text: hex },
      regexp,
      command: ['rg', '-U', '--count-matches', '-a', '--no-unicode', '--mmap', '-e', `(?s-u)${regexp}`, '{file}'],
      passes: 3,
    },
    rivals: ['mapscope', PYTHON, 'ripgrep', LIMIT],
    goals: [goalOfLimit(name, 0.6)],
  }
}

function needles(name, file) {
  const random = seeded(31)
  const list = Array.from({ length: 1_000 }, () =>
    Array.from({ length: 8 }, () =>
      Math.floor(random() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join(''),
  )
  const patterns = list.flatMap((hex) => ['-e', `(?-u)${hex.replace(/../g, (pair) => `\\x${pair}`)}`])
  return {
    ...common(name, file),
    parameters: {
      query: { kind: 'needles', text: list.join('\n') },
      command: ['rg', '-U', '--count-matches', '-a', '--no-unicode', '--mmap', ...patterns, '{file}'],
      passes: 2,
    },
    rivals: ['mapscope', 'ripgrep', LIMIT],
    goals: [
      goalOfLimit(name, 0.15),
      { text: `${name}: 8 times ripgrep’s speed`, of: advantage('ripgrep'), atLeast: 8 },
    ],
  }
}
