import type { CompiledQuery, QueryResult } from './compiled.ts'
import { compileHex, type HexQuery } from './hex.ts'
import { compileNeedles, type NeedleListQuery } from './needles.ts'
import { compileNumber, type ValueQuery } from './number.ts'
import { compileRegexp, type RegularExpressionQuery } from './regexp.ts'
import { compileText, type TextQuery } from './text.ts'

/** What is looked for, as the person typed it. */
export type SearchQuery = HexQuery | TextQuery | ValueQuery | NeedleListQuery | RegularExpressionQuery

export type SearchKind = SearchQuery['kind']

/** One more kind of search: a file beside this one with its variant, a row here. */
const COMPILERS: { readonly [Kind in SearchKind]: (query: Extract<SearchQuery, { kind: Kind }>) => QueryResult } = {
  hex: compileHex,
  text: compileText,
  number: compileNumber,
  needles: compileNeedles,
  regexp: compileRegexp,
}

/** What the typed query means, or what the person should change. Never throws. */
export function compileQuery(query: SearchQuery): QueryResult {
  const problem = shapeProblem(query)
  if (problem !== undefined) return { problem }
  const compile = COMPILERS[query.kind] as (query: SearchQuery) => QueryResult
  return compile(query)
}

/** What the members of all kinds may be; `text` alone must be there. */
const MEMBER_TYPES: Readonly<Record<string, string>> = {
  encoding: 'string',
  flags: 'string',
  type: 'string',
  isCaseInsensitive: 'boolean',
  isLittleEndian: 'boolean',
  maxMatchByteLength: 'number',
}

/** A query may come from a program, or over a wire, and be anything. */
function shapeProblem(query: unknown): string | undefined {
  const members = (typeof query === 'object' && query !== null ? query : {}) as Readonly<Record<string, unknown>>
  const { kind, text } = members
  if (typeof kind !== 'string' || !Object.hasOwn(COMPILERS, kind))
    return `A query has a kind: ${Object.keys(COMPILERS).join(', ')}.`
  if (typeof text !== 'string') return 'A query has a text: what to look for, as a string.'
  const wrong = Object.entries(MEMBER_TYPES).find(
    ([name, type]) => members[name] !== undefined && typeof members[name] !== type,
  )
  return wrong && `The query’s ${wrong[0]} must be a ${wrong[1]}.`
}

/** The bytes a query means, or a sentence that tells the person what to change. */
export type ParsedQuery = { readonly needle: Uint8Array } | { readonly problem: string }

/** For `find`, which looks for exact bytes only: 1 to 65,536 of them. Never throws. */
export function parseQuery(query: SearchQuery): ParsedQuery {
  const result = compileQuery(query)
  return 'problem' in result ? result : exactBytes(result.query)
}

function exactBytes(query: CompiledQuery): ParsedQuery {
  if (query.kind === 'bytes' && query.pattern.masks === undefined) return { needle: query.pattern.values }
  return { problem: 'This looks for exact bytes only; leave out wildcards, gaps and other cases of letters.' }
}
