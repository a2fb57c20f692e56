import type { ByteRange } from '@mapscope/core/shared'
import type { SearchDirection, SearchQuery } from '@mapscope/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'

export type SearchOutcome =
  | { readonly kind: 'idle' }
  /** The text typed is no query (yet). */
  | { readonly kind: 'problem'; readonly problem: string }
  | {
      readonly kind: 'running'
      readonly direction: SearchDirection
      readonly scanned: number
      readonly total: number
    }
  | {
      readonly kind: 'found'
      readonly hit: ByteRange
      readonly direction: SearchDirection
      readonly isWrapped: boolean
      readonly unreadable: readonly ByteRange[]
    }
  | { readonly kind: 'absent'; readonly unreadable: readonly ByteRange[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string }

/** What the find bar has rows for; a list of needles is not typed into one line. */
export type FindKind = Exclude<SearchQuery['kind'], 'needles'>

/** What is typed and chosen in the find bar. Choices of one kind stay while another is looked for. */
export interface FindQuery {
  readonly kind: FindKind
  readonly text: string
  readonly encoding: string
  readonly isCaseInsensitive: boolean
  readonly numberType: Extract<SearchQuery, { kind: 'number' }>['type']
  readonly isLittleEndian: boolean
}

const NOTHING_TYPED: FindQuery = {
  kind: 'hex',
  text: '',
  encoding: 'utf-8',
  isCaseInsensitive: false,
  numberType: 'u32',
  isLittleEndian: true,
}

export interface SearchState {
  readonly query: FindQuery
  readonly outcome: SearchOutcome
}

export type SearchStore = StoreApi<SearchState>

export function createSearchStore(): SearchStore {
  return createStore<SearchState>(() => ({ query: NOTHING_TYPED, outcome: { kind: 'idle' } }))
}
