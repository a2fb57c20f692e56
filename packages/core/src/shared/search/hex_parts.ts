import { MAX_EXPRESSION_BYTE_LENGTH } from './pattern.ts'
import { shortened } from './problem.ts'

/** Neighbouring bytes with the bits that count, or bytes of any value, `min` to `max` of them. */
export type HexPart =
  | { readonly kind: 'bytes'; readonly values: readonly number[]; readonly masks: readonly number[] }
  | { readonly kind: 'gap'; readonly min: number; readonly max: number }

export type ParsedHex = { readonly parts: readonly HexPart[] } | { readonly problem: string }

/** A gap in brackets, which may hold blanks, or a word up to the next blank, comma or gap. */
const TOKENS = /\[[^\]]*\]?|[^\s,[]+/gu
const GAP = /^\[\s*([0-9]+)\s*(?:-\s*([0-9]+)\s*)?\]$/
const HEX_PREFIX = /^0x/i
const NOT_A_DIGIT = /[^0-9a-f?]/iu

/**
 * The words of a hexadecimal query. A lone digit is refused rather than read as `0n`, because `4D 5` is far more often an unfinished byte than a
 * small one.
 */
export function hexParts(text: string): ParsedHex {
  const parts: HexPart[] = []
  let bytes: { kind: 'bytes'; values: number[]; masks: number[] } | undefined
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('[')) {
      const gap = parseGap(token)
      if ('problem' in gap) return gap
      parts.push(gap)
      bytes = undefined
      continue
    }
    if (bytes === undefined) {
      bytes = { kind: 'bytes', values: [], masks: [] }
      parts.push(bytes)
    }
    const problem = appendWord(bytes, token)
    if (problem !== undefined) return { problem }
  }
  return { parts }
}

function parseGap(token: string): HexPart | { readonly problem: string } {
  const match = GAP.exec(token)
  if (match === null) return { problem: `“${shortened(token)}” is no gap; write [4] or [2-8], counted in bytes.` }
  const min = Number(match[1])
  const max = match[2] === undefined ? min : Number(match[2])
  if (min > max) return { problem: `The gap ${token} runs backwards; write [${max}-${min}].` }
  if (max > MAX_EXPRESSION_BYTE_LENGTH)
    return {
      problem: `The gap ${shortened(token)} is too long; it may have at most ${MAX_EXPRESSION_BYTE_LENGTH} bytes.`,
    }
  return { kind: 'gap', min, max }
}

function appendWord(bytes: { values: number[]; masks: number[] }, word: string): string | undefined {
  const digits = word.replace(HEX_PREFIX, '')
  const stranger = NOT_A_DIGIT.exec(digits)?.[0]
  if (stranger !== undefined) return `“${stranger}” is not a hexadecimal digit; use 0-9 and A-F, as 4D 5A.`
  if (digits === '') return `“${word}” has no digits after it; write a byte as 0x4D or 4D.`
  if (digits.length % 2 !== 0)
    return `“${shortened(word)}” has an odd number of digits; write two for each byte, as 0${digits.at(-1)}.`
  for (let at = 0; at < digits.length; at += 2) {
    const high = nibble(digits[at] as string)
    const low = nibble(digits[at + 1] as string)
    bytes.values.push((high.value << 4) | low.value)
    bytes.masks.push((high.mask << 4) | low.mask)
  }
  return undefined
}

function nibble(digit: string): { readonly value: number; readonly mask: number } {
  return digit === '?' ? { value: 0, mask: 0 } : { value: Number.parseInt(digit, 16), mask: 0xf }
}
