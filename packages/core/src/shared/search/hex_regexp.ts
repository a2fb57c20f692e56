import type { QueryResult } from './compiled.ts'
import type { HexPart } from './hex_parts.ts'
import { MAX_EXPRESSION_BYTE_LENGTH } from './pattern.ts'
import { lengthProblem } from './problem.ts'

/**
 * Hexadecimal with gaps of more than one length, as a regular expression over bytes. A matcher of our own would have to try every length of
 * every gap too; the regular expression engine does so already, off the main thread, can be stopped, and its prefilter finds the bytes
 * that must occur first. Gaps take as many bytes as they can, as `[\s\S]{2,8}` does.
 */
export function hexRegexp(parts: readonly HexPart[]): QueryResult {
  const longest = parts.reduce((sum, part) => sum + (part.kind === 'bytes' ? part.values.length : part.max), 0)
  const problem = lengthProblem(longest, MAX_EXPRESSION_BYTE_LENGTH)
  if (problem !== undefined) return { problem }
  const source = parts.map((part) => (part.kind === 'gap' ? gapSource(part) : bytesSource(part))).join('')
  return {
    query: { kind: 'regexp', source, flags: '', isAsciiCaseInsensitive: false, maxMatchByteLength: longest },
  }
}

function gapSource({ min, max }: Extract<HexPart, { kind: 'gap' }>): string {
  return min === max ? `[\\s\\S]{${min}}` : `[\\s\\S]{${min},${max}}`
}

function bytesSource({ values, masks }: Extract<HexPart, { kind: 'bytes' }>): string {
  return values.map((value, at) => byteSource(value, masks[at] as number)).join('')
}

/** The bytes that a value and its mask let pass. */
export function byteSource(value: number, mask: number): string {
  if (mask === 0xff) return escaped(value)
  if (mask === 0) return '[\\s\\S]'
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => (byte & mask) === (value & mask))
  return `[${bytes.map(escaped).join('')}]`
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
