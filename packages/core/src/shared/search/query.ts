import { parseHexQuery } from './hex.ts'
import type { ParsedQuery } from './needle.ts'
import { parseTextQuery } from './text.ts'

/** What is looked for, as the person typed it. */
export type SearchQuery =
  | { readonly kind: 'hex'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }

export type SearchKind = SearchQuery['kind']

/** One more kind of search: a variant above, a file beside this one, a row here. */
const PARSERS: { readonly [Kind in SearchKind]: (text: string) => ParsedQuery } = {
  hex: parseHexQuery,
  text: parseTextQuery,
}

/** The bytes a query means (1 to 65,536 of them), or what the person should change. Never throws. */
export function parseQuery(query: SearchQuery): ParsedQuery {
  return PARSERS[query.kind](query.text)
}
