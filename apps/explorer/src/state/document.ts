import type { DocumentInfo } from '@mapscope/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Editor } from '../document/editor.ts'
import type { DocumentSession } from '../document/session.ts'

/** The open document: its bytes, its edits, and what the server last said of it. */
export interface OpenDocument {
  readonly session: DocumentSession
  readonly editor: Editor
  readonly info: DocumentInfo
}

export interface DocumentState {
  readonly open: OpenDocument | undefined
  /** The path being opened. */
  readonly opening: string | undefined
  /** Why the last file could not be opened. */
  readonly failure: { readonly path: string; readonly message: string } | undefined
  readonly pendingEdits: number
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Offset of the byte under the pointer. */
  readonly hovered: number | undefined
  readonly isReloading: boolean
  /** The server has not got the open document any more; what is shown is what was read before. */
  readonly isLost: boolean
}

export type DocumentStore = StoreApi<DocumentState>

export function createDocumentStore(): DocumentStore {
  return createStore<DocumentState>(() => ({
    open: undefined,
    opening: undefined,
    failure: undefined,
    pendingEdits: 0,
    canUndo: false,
    canRedo: false,
    hovered: undefined,
    isReloading: false,
    isLost: false,
  }))
}
