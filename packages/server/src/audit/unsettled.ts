import type { EditHashes } from '../documents/edit_hashes.ts'
import type { AuditLine } from './line.ts'

/** An edit whose intent is in the trail and whose end is not: the server died in between, or is at it. */
export interface UnsettledEdit extends EditHashes {
  /** Where the intent is. */
  readonly at: LineOfFile
  readonly who: string
  readonly editId: string
  readonly path: string
  readonly range: { readonly start: number; readonly end: number }
  /** The file that it is of: the served folder's path, and the file's number there. Not of trails of older servers. */
  readonly file?: { readonly directoryPath: string; readonly inode: string }
}

/** What a server that started later found of one. */
export interface SettledEdit {
  readonly at: LineOfFile
  readonly who: string
  readonly path: string
  readonly range: { readonly start: number; readonly end: number }
  readonly outcome: string
}

/** A line, from 1, of one of a trail's files. */
export interface LineOfFile {
  readonly file: string
  readonly line: number
}

/** Pairs what was meant with what became of it. */
export class Intents {
  readonly #open: Map<string, UnsettledEdit> = new Map()
  readonly #endedElsewhere: Set<string> = new Set()
  readonly #settled: SettledEdit[] = []

  take({ kind, who, server }: AuditLine, at: LineOfFile): void {
    const { editId } = server
    if (typeof editId !== 'string') return
    if (kind === 'editing') this.#open.set(editId, { at, who, ...(server as unknown as IntentFacts) })
    if (kind === 'settled') this.#settled.push({ at, ...(server as unknown as Omit<SettledEdit, 'at'>) })
    if (ENDS.has(kind) && !this.#open.delete(editId)) this.#endedElsewhere.add(editId)
  }

  get unsettled(): UnsettledEdit[] {
    return [...this.#open.values()]
  }

  get settled(): readonly SettledEdit[] {
    return this.#settled
  }

  /** Ends of edits whose beginning was not taken. */
  get endedElsewhere(): ReadonlySet<string> {
    return this.#endedElsewhere
  }
}

/** What ends an edit, whatever the end. */
export const ENDS: ReadonlySet<string> = new Set(['edited', 'editFailed', 'settled'])

type IntentFacts = Omit<UnsettledEdit, 'at' | 'who'>
