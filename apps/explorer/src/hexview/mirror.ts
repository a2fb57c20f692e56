import type { SelectionState } from '../state/selection.ts'
import { byteLabel } from './byte_class.ts'
import { CELL_KNOWN, CELL_UNREADABLE, type GridBytes, type Mark } from './grid_bytes.ts'
import { cellsInRow, columnOfOffset, rowCountOf, rowOfOffset } from './rows.ts'

export interface MirrorCell {
  readonly offset: number
  /** Two hex digits, or '' when the byte is not known. */
  readonly value: string
  readonly state: 'known' | 'unread' | 'unreadable'
  readonly label: string
}

export interface MirrorRow {
  readonly row: number
  readonly offset: number
  readonly cells: readonly MirrorCell[]
}

export interface Mirror {
  readonly rows: readonly MirrorRow[]
  readonly rowCount: number
  /** The caret's cell, when it stands on a byte. */
  readonly active: number | undefined
}

/** Names of the bytes that have no glyph, as people call them aloud. */
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )

const MARK_WORDS: Readonly<Record<Mark['kind'], string>> = { hit: 'match', edited: 'modified', changed: 'changed' }

/** The caret's row and its neighbours as words: what a screen reader and the end-to-end tests read in place of the canvas. */
export function mirrorOf(bytes: GridBytes, selection: SelectionState, columns: number): Mirror {
  const { byteLength } = bytes
  const rowCount = rowCountOf(byteLength, columns)
  const caretRow = rowOfOffset(selection.focus, columns, byteLength)
  const rows: MirrorRow[] = []
  for (let row = Math.max(0, caretRow - 1); row <= Math.min(rowCount - 1, caretRow + 1); row++) {
    rows.push(mirrorRow(bytes, row, columns))
  }
  const isOnByte = selection.focus < byteLength && columnOfOffset(selection.focus, columns, byteLength) < columns
  return { rows, rowCount, active: isOnByte ? selection.focus : undefined }
}

function mirrorRow(bytes: GridBytes, row: number, columns: number): MirrorRow {
  const offset = row * columns
  const length = cellsInRow(row, columns, bytes.byteLength)
  const into = { values: new Uint8Array(length), states: new Uint8Array(length) }
  if (length > 0) bytes.readCells(offset, length, into)
  const marks = bytes.marksIn(offset, offset + length)
  const cells = Array.from(into.values, (byte, column) =>
    cellOf({ offset: offset + column, byte, state: into.states[column] ?? 0, marks }),
  )
  return { row, offset, cells }
}

function cellOf(cell: { offset: number; byte: number; state: number; marks: readonly Mark[] }): MirrorCell {
  const { offset, byte } = cell
  const place = `0x${offset.toString(16).toUpperCase()}`
  const words = cell.marks
    .filter((mark) => mark.start <= offset && offset < mark.end)
    .map((mark) => MARK_WORDS[mark.kind])
  const suffix = [...new Set(words)].map((word) => `, ${word}`).join('')
  if (cell.state === CELL_KNOWN) {
    const value = byteLabel(byte)
    return { offset, value, state: 'known', label: `${place}, ${value}, ${characterName(byte)}${suffix}` }
  }
  if (cell.state === CELL_UNREADABLE) {
    return { offset, value: '', state: 'unreadable', label: `${place}, unreadable${suffix}` }
  }
  return { offset, value: '', state: 'unread', label: `${place}, not loaded${suffix}` }
}

/** What a byte is called: its character, its control name, or nothing but its number. */
export function characterName(byte: number): string {
  if (byte === 0x20) return 'space'
  if (byte === 0x7f) return 'DEL'
  if (byte < 0x20) return CONTROL_NAMES[byte] ?? ''
  return byte < 0x7f ? String.fromCharCode(byte) : 'not ASCII'
}
