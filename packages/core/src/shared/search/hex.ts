import { checkedNeedle, type ParsedQuery } from './needle.ts'

const SEPARATORS = /[\s,]+/
const HEX_PREFIX = /^0x/i
const NOT_A_DIGIT = /[^0-9a-f]/iu

/**
 * Bytes written in hexadecimal: `4D5A`, `4d 5a`, `0x4D, 0x5A`. Digits come in pairs; blanks, newlines and commas may stand between
 * bytes. A lone digit is refused rather than read as `0n`, because `4D 5` is far more often an unfinished byte than a small one.
 */
export function parseHexQuery(text: string): ParsedQuery {
  const words = text.split(SEPARATORS).filter((word) => word !== '')
  const bytes: number[] = []
  for (const word of words) {
    const problem = appendWord(bytes, word)
    if (problem !== undefined) return { problem }
  }
  if (bytes.length === 0) return { problem: 'Type the bytes to look for in pairs of hexadecimal digits, as 4D 5A.' }
  return checkedNeedle(Uint8Array.from(bytes))
}

function appendWord(bytes: number[], word: string): string | undefined {
  const digits = word.replace(HEX_PREFIX, '')
  const stranger = NOT_A_DIGIT.exec(digits)?.[0]
  if (stranger !== undefined) return `“${stranger}” is not a hexadecimal digit; use 0-9 and A-F, as 4D 5A.`
  if (digits === '') return `“${word}” has no digits after it; write a byte as 0x4D or 4D.`
  if (digits.length % 2 !== 0)
    return `“${shortened(word)}” has an odd number of digits; write two for each byte, as 0${digits.at(-1)}.`
  for (let at = 0; at < digits.length; at += 2) bytes.push(Number.parseInt(digits.slice(at, at + 2), 16))
  return undefined
}

function shortened(word: string): string {
  return word.length <= 24 ? word : `${word.slice(0, 23)}…`
}
