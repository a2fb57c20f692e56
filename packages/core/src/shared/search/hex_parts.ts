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
/** By the digit's character code: what it is worth, and which of its bits count. `?` counts for nothing. */
const VALUES = new Uint8Array(128)
const MASKS = new Uint8Array(128)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  for (const written of [digit, digit.toUpperCase()]) {
    VALUES[written.charCodeAt(0)] = value
    MASKS[written.charCodeAt(0)] = 0xf
  }
}

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
    const [high, low] = [digits.charCodeAt(at), digits.charCodeAt(at + 1)]
    bytes.values.push(((VALUES[high] as number) << 4) | (VALUES[low] as number))
    bytes.masks.push(((MASKS[high] as number) << 4) | (MASKS[low] as number))
  }
  return undefined
}

/** Nearly every needle of a long list: digits and nothing else. Undefined for any other text, also for one that is wrong. */
export function plainHexBytes(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < text.length; at += 2) {
    const [high, low] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
    if (MASKS[high] !== 0xf || MASKS[low] !== 0xf) return undefined
    bytes[at / 2] = ((VALUES[high] as number) << 4) | (VALUES[low] as number)
  }
  return bytes
}
