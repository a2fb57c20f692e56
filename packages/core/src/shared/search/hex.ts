import type { QueryResult } from './compiled.ts'
import { type HexPart, hexParts, plainHexBytes } from './hex_parts.ts'
import { hexRegexp } from './hex_regexp.ts'
import { MAX_NEEDLE_BYTE_LENGTH, type MaskedBytes } from './pattern.ts'
import { bytesQuery } from './problem.ts'

/**
 * Bytes written in hexadecimal: `4D5A`, `4d 5a`, `0x4D, 0x5A`. `?` stands for any digit (`??`, `5?`, `?5`), `[4]` for exactly four bytes of any
 * value, `[2-8]` for two to eight of them, as many as can be.
 */
export interface HexQuery {
  readonly kind: 'hex'
  readonly text: string
}

const ANYTHING = 'This matches everywhere; write a digit that counts, as 4D ?? [2-8] 5A.'
const NOTHING = 'Type the bytes to look for in pairs of hexadecimal digits, as 4D 5A.'

export function compileHex({ text }: HexQuery): QueryResult {
  const parsed = hexParts(text)
  if ('problem' in parsed) return parsed
  const { parts } = parsed
  if (parts.length === 0) return { problem: NOTHING }
  if (parts.every(isAnything)) return { problem: ANYTHING }
  return parts.some(isVariable) ? hexRegexp(parts) : bytesQuery(joined(parts))
}

/** The bytes of a hexadecimal text of one length, for lists of needles. */
export function parseMaskedHex(text: string): MaskedBytes | { readonly problem: string } {
  const values = plainHexBytes(text)
  if (values !== undefined) return { values }
  const parsed = hexParts(text)
  if ('problem' in parsed) return parsed
  if (parsed.parts.length === 0) return { problem: NOTHING }
  if (parsed.parts.some(isVariable)) return { problem: 'Gaps in a list have one length; write [4] and not [2-8].' }
  return parsed.parts.every(isAnything) ? { problem: ANYTHING } : joined(parsed.parts)
}

function isAnything(part: HexPart): boolean {
  return part.kind === 'gap' || part.masks.every((mask) => mask === 0)
}

function isVariable(part: HexPart): boolean {
  return part.kind === 'gap' && part.min !== part.max
}

/** Gaps of one length are bytes of which no bit counts. */
function joined(parts: readonly HexPart[]): MaskedBytes {
  const length = parts.reduce((sum, part) => sum + (part.kind === 'bytes' ? part.values.length : part.min), 0)
  // One more than is allowed is enough to be refused by its length, and spares the memory of `[1000000000]`.
  const values = new Uint8Array(Math.min(length, MAX_NEEDLE_BYTE_LENGTH + 1))
  const masks = new Uint8Array(values.length)
  let at = 0
  for (const part of parts) {
    if (part.kind === 'gap') at += part.min
    if (part.kind === 'gap' || at + part.values.length > values.length) continue
    values.set(part.values, at)
    masks.set(part.masks, at)
    at += part.values.length
  }
  return { values, masks }
}
