import { checkedNeedle, type ParsedQuery } from './needle.ts'
import { encodeUtf8 } from './utf8.ts'

/** The text exactly as typed, blanks included, as UTF-8. */
export function parseTextQuery(text: string): ParsedQuery {
  if (text === '') return { problem: 'Type the text to look for.' }
  const encoded = encodeUtf8(text)
  if ('bytes' in encoded) return checkedNeedle(encoded.bytes)
  return {
    problem: `Character ${encoded.loneSurrogateAt + 1} is half of a character, which has no UTF-8 bytes; type it again or search for hex.`,
  }
}
