import path from 'node:path'
import { inFolder, MiB } from '../lib/files.mjs'
import { writeText } from '../lib/inputs.mjs'
import { advantage, agreed, measureRows } from '../lib/operations.mjs'
import { writeReal } from '../lib/search_inputs.mjs'
import { SEARCH_RIVALS } from '../lib/search_rivals.mjs'

const BYTE_LENGTH = 64 * MiB
const PYTHON = 'python mmap'

/** The same syntax in JavaScript and in Python; ripgrep gets it with Unicode switched off. */
const PATTERNS = [
  { name: 'a literal', regexp: 'copyright notice', hasLiteral: true },
  { name: 'an absent literal', regexp: 'qzjxkwvb', hasLiteral: true },
  { name: 'five words', regexp: 'error|warning|assert|license|version', hasLiteral: false },
  { name: 'runs of printable bytes', regexp: '[\\x20-\\x7e]{8,}', hasLiteral: false },
  { name: 'addresses', regexp: '[A-Za-z0-9._]+@[A-Za-z0-9.]+\\.[a-z]+', hasLiteral: false },
  { name: 'links', regexp: 'https?://[\\w./-]+', hasLiteral: true },
  { name: 'fixed width', regexp: 'MZ[\\x00-\\xff]{2}P', hasLiteral: true },
  { name: 'fixed width, machine code', regexp: '\\xe8[\\x00-\\xff]{4}\\x48\\x8b', hasLiteral: true },
]

/** All matches counted, off the main thread, in text and in machine code. */
export function searchRegexpTrial() {
  return inFolder((folder) => {
    const files = { text: path.join(folder, 'text.txt'), 'machine code': path.join(folder, 'real.bin') }
    writeText(files.text, BYTE_LENGTH, '\n')
    writeReal(files['machine code'], BYTE_LENGTH)
    const rows = Object.entries(files).flatMap(([kind, file]) => PATTERNS.map((pattern) => row(pattern, kind, file)))
    return measureRows(rows, { rounds: 3, rivals: SEARCH_RIVALS })
  })
}

function row({ name, regexp, hasLiteral }, kind, file) {
  const title = `${name}, in ${kind}`
  return {
    name: title,
    file,
    operation: 'count',
    unit: 'ms',
    byteLength: BYTE_LENGTH,
    answer: agreed(),
    parameters: {
      query: { kind: 'regexp', text: regexp },
      regexp,
      command: ['rg', '-U', '--count-matches', '-a', '--no-unicode', '--mmap', '-e', `(?s-u)${regexp}`, '{file}'],
      passes: 2,
    },
    rivals: ['mapscope', PYTHON, 'ripgrep'],
    goals: [
      {
        text: `${title}: ${hasLiteral ? 5 : 0.9} times Python’s speed`,
        of: advantage(PYTHON),
        atLeast: hasLiteral ? 5 : 0.9,
      },
    ],
  }
}
