import type { QueryResult } from './compiled.ts'
import { groupDepth, MAX_GROUP_DEPTH } from './nesting.ts'

/** A regular expression in JavaScript's syntax over bytes: one code unit is one byte, `\xE9` the byte 0xE9. */
export interface RegularExpressionQuery {
  readonly kind: 'regexp'
  readonly text: string
  /** Of `i`, `m` and `s`; `i` also folds 0xE0 and 0xC0 and all the letters of Latin-1. */
  readonly flags?: string | undefined
  /** Folds A-Z and a-z only. */
  readonly isCaseInsensitive?: boolean | undefined
  readonly maxMatchByteLength?: number | undefined
}

const FLAGS = /^(?!.*(.).*\1)[ims]*$/
const NO_BYTE = /[^\0-\xff]/u

export function compileRegexp(query: RegularExpressionQuery): QueryResult {
  const { text: source, flags = '', isCaseInsensitive = false, maxMatchByteLength } = query
  if (source === '') return { problem: 'Type the regular expression to look for.' }
  if (!FLAGS.test(flags))
    return { problem: `“${flags}” are not the flags of a search over bytes; use each of i, m and s at most once.` }
  const stranger = NO_BYTE.exec(source)?.[0]
  if (stranger !== undefined)
    return { problem: `“${stranger}” is no byte; write the bytes of its encoding, as \\xe2\\x82\\xac.` }
  if (groupDepth(source) > MAX_GROUP_DEPTH)
    return { problem: `Groups lie more than ${MAX_GROUP_DEPTH} deep within each other; write the expression flatter.` }
  try {
    new RegExp(source, flags)
  } catch (error) {
    return { problem: `${(error as Error).message}.` }
  }
  return { query: { kind: 'regexp', source, flags, isAsciiCaseInsensitive: isCaseInsensitive, maxMatchByteLength } }
}
