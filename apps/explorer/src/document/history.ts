import type { Edit } from './edit.ts'

interface NetChange {
  readonly before: number
  readonly after: number
}

/** What one undo takes back: the net change of each byte, by offset. Grows while its typing goes on. */
export interface EditGroup {
  readonly changes: Map<number, NetChange>
  /** The step that was refused last time it was tried; cleared by a step the other way. */
  refused?: StepKind
}

export type StepKind = 'undo' | 'redo'

/** A pause in typing longer than this begins another group. */
const GROUP_PAUSE_MS = 2_000

/**
 * One tab's undo and redo. Entries are bytes before and after, so that each step can be sent as compare-and-swap: an undo that
 * would overwrite what someone else wrote meanwhile is refused by the server and comes back here instead of being lost.
 */
export class History {
  readonly #now: () => number
  #done: EditGroup[] = []
  #undone: EditGroup[] = []
  /** Where typing has to continue, and when at the latest, to belong to the group before. */
  #open: { readonly offset: number; readonly atMs: number } | undefined
  #edited: Set<number> | undefined

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  get canUndo(): boolean {
    return this.#done.some(hasChanges)
  }

  get canRedo(): boolean {
    return this.#undone.some(hasChanges)
  }

  /**
   * Records typing. It joins the group before when it goes on where that ended (or types the second digit of its byte), and
   * overwrites nothing that somebody else put over that group's bytes: one undo would take their write away with it.
   */
  record(edit: Edit): EditGroup {
    const nowMs = this.#now()
    const last = this.#done.at(-1)
    const end = edit.offset + edit.bytes.length
    const continues =
      last !== undefined &&
      this.#open !== undefined &&
      nowMs - this.#open.atMs <= GROUP_PAUSE_MS &&
      (edit.offset === this.#open.offset || end === this.#open.offset) &&
      isBuiltUpon(last, edit)
    const group = continues ? last : { changes: new Map<number, NetChange>() }
    if (!continues) this.#done.push(group)
    edit.bytes.forEach((after, i) => {
      const offset = edit.offset + i
      const before = group.changes.get(offset)?.before ?? edit.previous[i] ?? 0
      group.changes.set(offset, { before, after })
    })
    this.#open = { offset: end, atMs: nowMs }
    this.#undone = []
    this.#edited = undefined
    return group
  }

  /** Takes the last group back: the edits that do it, or `undefined` when there is nothing to undo. */
  undo(): { group: EditGroup; edits: Edit[] } | undefined {
    return this.#step('undo', (change) => ({ bytes: change.before, previous: change.after }))
  }

  redo(): { group: EditGroup; edits: Edit[] } | undefined {
    return this.#step('redo', (change) => ({ bytes: change.after, previous: change.before }))
  }

  /** Typing that was refused never happened: no undo may write its bytes. */
  forget(edit: Edit): void {
    edit.bytes.forEach((after, i) => {
      const offset = edit.offset + i
      const previous = edit.previous[i] ?? 0
      const group = [...this.#done, ...this.#undone].findLast((one) => one.changes.get(offset)?.after === after)
      const change = group?.changes.get(offset)
      if (group === undefined || change === undefined) return
      if (change.before === previous) group.changes.delete(offset)
      else group.changes.set(offset, { before: change.before, after: previous })
    })
    this.#edited = undefined
  }

  /**
   * A refused undo (or redo) step goes back where it came from, so that it can be tried again. Refused twice in a row it is
   * given up, or every step before it would be out of reach. Returns whether it was kept.
   */
  putBack(group: EditGroup, edit: Edit, kind: StepKind): boolean {
    const changes = new Map<number, NetChange>()
    for (let offset = edit.offset; offset < edit.offset + edit.bytes.length; offset++) {
      const change = group.changes.get(offset)
      if (change !== undefined) changes.set(offset, change)
      group.changes.delete(offset)
    }
    this.#open = undefined
    this.#edited = undefined
    if (group.refused === kind) return false
    const stack = kind === 'undo' ? this.#done : this.#undone
    stack.push({ changes, refused: kind })
    return true
  }

  /** Nothing was ever done: the file is another one. */
  clear(): void {
    this.#done = []
    this.#undone = []
    this.#open = undefined
    this.#edited = undefined
  }

  /** Runs of bytes in the range that this tab has changed and not undone. */
  editedIn(start: number, end: number): { start: number; end: number }[] {
    this.#edited ??= new Set(this.#done.flatMap((group) => [...group.changes.keys()]))
    if (this.#edited.size === 0) return []
    const runs: { start: number; end: number }[] = []
    for (let offset = start; offset < end; offset++) {
      if (!this.#edited.has(offset)) continue
      const last = runs.at(-1)
      if (last?.end === offset) last.end = offset + 1
      else runs.push({ start: offset, end: offset + 1 })
    }
    return runs
  }

  #step(kind: StepKind, turn: (change: NetChange) => { bytes: number; previous: number }) {
    const [from, to] = kind === 'undo' ? [this.#done, this.#undone] : [this.#undone, this.#done]
    while (from.length > 0 && !hasChanges(from.at(-1))) from.pop()
    const group = from.pop()
    if (group === undefined) return undefined
    if (group.refused !== kind) delete group.refused
    to.push(group)
    this.#open = undefined
    this.#edited = undefined
    return { group, edits: runsOf(group, turn) }
  }
}

function isBuiltUpon(group: EditGroup, edit: Edit): boolean {
  return edit.previous.every((previous, i) => (group.changes.get(edit.offset + i)?.after ?? previous) === previous)
}

function hasChanges(group: EditGroup | undefined): boolean {
  return group !== undefined && group.changes.size > 0
}

function runsOf(group: EditGroup, turn: (change: NetChange) => { bytes: number; previous: number }): Edit[] {
  const offsets = [...group.changes.keys()].sort((a, b) => a - b)
  const runs: { offset: number; bytes: number[]; previous: number[] }[] = []
  for (const offset of offsets) {
    const change = group.changes.get(offset)
    if (change === undefined || change.before === change.after) continue
    const { bytes, previous } = turn(change)
    const last = runs.at(-1)
    if (last !== undefined && last.offset + last.bytes.length === offset) {
      last.bytes.push(bytes)
      last.previous.push(previous)
    } else runs.push({ offset, bytes: [bytes], previous: [previous] })
  }
  return runs.map(({ offset, bytes, previous }) => ({
    offset,
    bytes: Uint8Array.from(bytes),
    previous: Uint8Array.from(previous),
  }))
}
