import type { AuditLine } from './line.ts'

/** An edit whose intent is in the trail and whose end is not: the server died in between, or is at it. */
export interface UnsettledEdit {
  /** Where the intent is. */
  readonly at: LineOfFile
  readonly who: string
  readonly path: string
  readonly range: { readonly start: number; readonly end: number }
  /** Of the bytes that were to be there: whether they are is what somebody has to look at. */
  readonly sha256: string
}

/** A line, from 1, of one of a trail's files. */
export interface LineOfFile {
  readonly file: string
  readonly line: number
}

/** Pairs what was meant with what became of it. */
export class Intents {
  readonly #open: Map<string, UnsettledEdit> = new Map()

  take({ kind, who, server }: AuditLine, at: LineOfFile): void {
    const { editId } = server
    if (typeof editId !== 'string') return
    if (kind === 'editing') this.#open.set(editId, { at, who, ...(server as unknown as IntentFacts) })
    if (kind === 'edited' || kind === 'editFailed') this.#open.delete(editId)
  }

  get unsettled(): UnsettledEdit[] {
    return [...this.#open.values()].map(({ at, who, path, range, sha256 }) => ({ at, who, path, range, sha256 }))
  }
}

type IntentFacts = Pick<UnsettledEdit, 'path' | 'range' | 'sha256'>
