import { caseVariants } from './case_variants.ts'
import type { QueryResult } from './compiled.ts'
import { encodingNamed } from './encodings.ts'
import type { MaskedBytes } from './pattern.ts'
import { lengthProblem } from './problem.ts'
import { mergedSpellings, spellingsQuery } from './spellings.ts'
import type { TextEncoding } from './text_encoding.ts'

/** The text exactly as typed, blanks included. */
export interface TextQuery {
  readonly kind: 'text'
  readonly text: string
  /** `utf-8` (the default), `utf-16le`, `utf-16be`, `utf-32le`, `utf-32be`, `latin1`, or any label that `TextDecoder` knows. */
  readonly encoding?: string | undefined
  /** Letters match their other cases too, one character for one: `ß` is not `SS`, `k` is not the sign for Kelvin. */
  readonly isCaseInsensitive?: boolean | undefined
}

export function compileText({ text, encoding: label = 'utf-8', isCaseInsensitive = false }: TextQuery): QueryResult {
  if (text === '') return { problem: 'Type the text to look for.' }
  const encoding = encodingNamed(label)
  if (encoding === undefined)
    return { problem: `“${label}” is no encoding to search in; use utf-8, utf-16le, latin1, shift_jis or the like.` }
  const characters: (readonly MaskedBytes[])[] = []
  let byteLength = 0
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) as number
    const spellings = spellingsOf(point, encoding, isCaseInsensitive)
    if (spellings.length === 0) return { problem: missing(point, at, encoding) }
    if (point > 0xffff) at++
    characters.push(spellings)
    byteLength += Math.max(...spellings.map(({ values }) => values.length))
  }
  const problem = lengthProblem(byteLength)
  return problem === undefined ? spellingsQuery(characters, byteLength) : { problem }
}

/** None when the encoding does not have the character itself; other cases that it does not have are left out. */
function spellingsOf(point: number, encoding: TextEncoding, isCaseInsensitive: boolean): MaskedBytes[] {
  const own = encoding.spellingsOf(point)
  if (own.length === 0 || !isCaseInsensitive) return own.map(exact)
  const others = caseVariants(point).filter((variant) => variant !== point)
  return mergedSpellings([...own, ...others.flatMap((variant) => encoding.spellingsOf(variant))].map(exact))
}

function exact(bytes: readonly number[]): MaskedBytes {
  return { values: Uint8Array.from(bytes), masks: new Uint8Array(bytes.length).fill(0xff) }
}

function missing(point: number, at: number, { name }: TextEncoding): string {
  if (point >= 0xd800 && point <= 0xdfff)
    return `Character ${at + 1} is half of a character, which has no ${name} bytes; type it again or search for hex.`
  return `“${String.fromCodePoint(point)}” is not in ${name}; choose another encoding or search for hex.`
}
