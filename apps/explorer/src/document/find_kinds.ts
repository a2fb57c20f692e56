import type { SearchQuery } from '@mapscope/protocol'
import type { FindKind, FindQuery } from '../state/search.ts'
import type { Pane } from '../state/selection.ts'

/** What beside the text a kind asks for. */
export type FindOption = 'encoding' | 'case' | 'number-type' | 'byte-order'

/** A kind of search as the find bar shows it. */
export interface FindKindRow {
  readonly title: string
  /** Of the field, for those who do not see it. */
  readonly label: string
  readonly placeholder: string
  readonly options: readonly FindOption[]
  /** Where a hit of it is read. */
  readonly pane: Pane
  /** What is sent, and compiled by the grammar that the server has too. */
  readonly toSearch: (query: FindQuery) => SearchQuery
}

/** One more kind: a row, and whatever it asks for in `FindOptions.tsx`. */
export const FIND_KINDS: { readonly [Kind in FindKind]: FindKindRow } = {
  hex: {
    title: 'Hex',
    label: 'Bytes to find',
    placeholder: 'Bytes, as 4D 5A ?? 5? [2-8] 00',
    options: [],
    pane: 'hex',
    toSearch: ({ text }) => ({ kind: 'hex', text }),
  },
  text: {
    title: 'Text',
    label: 'Text to find',
    placeholder: 'Text, exactly as it is written',
    options: ['encoding', 'case'],
    pane: 'text',
    toSearch: ({ text, encoding, isCaseInsensitive }) => ({ kind: 'text', text, encoding, isCaseInsensitive }),
  },
  number: {
    title: 'Number',
    label: 'Number to find',
    placeholder: '1234, 0x1F, 10..20 or 100±5',
    options: ['number-type', 'byte-order'],
    pane: 'hex',
    toSearch: ({ text, numberType: type, isLittleEndian }) => ({ kind: 'number', text, type, isLittleEndian }),
  },
  regexp: {
    title: 'Regex',
    label: 'Regular expression to find',
    placeholder: 'Expression over bytes, as \\x89PNG[^]{4}',
    options: ['case'],
    pane: 'text',
    toSearch: ({ text, isCaseInsensitive }) => ({ kind: 'regexp', text, isCaseInsensitive }),
  },
}

export function toSearch(query: FindQuery): SearchQuery {
  return FIND_KINDS[query.kind].toSearch(query)
}
