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

export interface SearchState {
  readonly query: SearchQuery
  readonly outcome: SearchOutcome
}

export type SearchStore = StoreApi<SearchState>

export function createSearchStore(): SearchStore {
  return createStore<SearchState>(() => ({ query: { kind: 'hex', text: '' }, outcome: { kind: 'idle' } }))
}
