import type { QueryResult } from './compiled.ts'
import { parseMaskedHex } from './hex.ts'
import { MAX_NEEDLE_COUNT, type MaskedBytes } from './pattern.ts'
import { lengthProblem, plainer } from './problem.ts'

/**
 * One needle a line, in hexadecimal as of `HexQuery` without gaps of more than one length. Empty lines and what follows a `#` are left out;
 * needles count from 0 in the order they stand.
 */
export interface NeedleListQuery {
  readonly kind: 'needles'
  readonly text: string
}

const LINE_END = /\r?\n/
const COMMENT = /#.*$/

export function compileNeedles({ text }: NeedleListQuery): QueryResult {
  const needles: MaskedBytes[] = []
  for (const [index, line] of text.split(LINE_END).entries()) {
    const hex = line.replace(COMMENT, '').trim()
    if (hex === '') continue
    const needle = parseMaskedHex(hex)
    const problem = 'problem' in needle ? needle.problem : lengthProblem(needle.values.length)
    if (problem !== undefined || 'problem' in needle) return { problem: `Line ${index + 1}: ${problem}` }
    needles.push(plainer(needle))
  }
  if (needles.length === 0) return { problem: 'The list holds no needle; write one a line in hexadecimal, as 4D 5A.' }
  if (needles.length > MAX_NEEDLE_COUNT)
    return { problem: `The list holds ${needles.length} needles; look for at most ${MAX_NEEDLE_COUNT} at once.` }
  return { query: { kind: 'needles', pattern: { kind: 'any', needles } } }
}
