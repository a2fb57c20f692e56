/** An overwrite as a value that can be turned round: `previous` is what is there before, and has the same length. */
export interface Edit {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly previous: Uint8Array
}

export function endOf(edit: Edit): number {
  return edit.offset + edit.bytes.length
}

/** The part of an edit that lies in `[start, end)`; `undefined` when there is none. */
export function cutEdit(edit: Edit, start: number, end: number): Edit | undefined {
  const from = Math.max(edit.offset, start)
  const to = Math.min(endOf(edit), end)
  if (from >= to) return undefined
  const [first, last] = [from - edit.offset, to - edit.offset]
  return { offset: from, bytes: edit.bytes.slice(first, last), previous: edit.previous.slice(first, last) }
}

/** `first`, then `second`, as one edit; `undefined` when they neither touch nor overlap. */
export function joinEdits(first: Edit, second: Edit): Edit | undefined {
  if (second.offset > endOf(first) || endOf(second) < first.offset) return undefined
  const offset = Math.min(first.offset, second.offset)
  const byteLength = Math.max(endOf(first), endOf(second)) - offset
  const bytes = new Uint8Array(byteLength)
  const previous = new Uint8Array(byteLength)
  // Bytes: the later edit wins. Previous bytes: the earlier one knows what was there before both.
  bytes.set(first.bytes, first.offset - offset)
  bytes.set(second.bytes, second.offset - offset)
  previous.set(second.previous, second.offset - offset)
  previous.set(first.previous, first.offset - offset)
  return { offset, bytes, previous }
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
