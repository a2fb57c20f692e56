import { type Pane, type SelectionState, selectedRange } from '../state/selection.ts'
import type { Mark } from './grid_bytes.ts'
import { cellsInRow, columnOfOffset, rowOfOffset } from './rows.ts'

/**
 * A stretch of cells in one row, half-open. Of a range over several rows, `topTo` and `bottomFrom` say how far the row's upper and
 * lower edge are the range's own: cells from..topTo have none of it above them, cells bottomFrom..to none below.
 */
export interface CellSpan {
  readonly from: number
  readonly to: number
  readonly topTo: number
  readonly bottomFrom: number
}

export interface MarkSpan extends CellSpan {
  readonly kind: Mark['kind']
  /** The hit that the selection or the caret is on. */
  readonly isCurrent: boolean
  /** Of a flash: 1 when fresh, 0 when over. Other marks are always 1. */
  readonly strength: number
}

export interface CaretDecor {
  readonly column: number
  readonly pane: Pane
  /** The digit the next one typed replaces; `undefined` where nothing can be typed. */
  readonly nibble: 'high' | 'low' | undefined
  readonly isFocused: boolean
}

/** Everything painted in a row besides its bytes. */
export interface RowDecor {
  readonly cells: number
  readonly crosshairColumn: number
  readonly isCurrentRow: boolean
  readonly selection: CellSpan | undefined
  readonly isSelectionActive: boolean
  readonly marks: readonly MarkSpan[]
  readonly caret: CaretDecor | undefined
}

/** What decorates a frame; the same for all of its rows. */
export interface FrameDecor {
  readonly columns: number
  readonly byteLength: number
  readonly selection: SelectionState
  readonly isFocused: boolean
  readonly isEditable: boolean
  readonly marks: readonly Mark[]
  readonly strengthOf: (mark: Mark) => number
}

export function decorateRow(frame: FrameDecor, row: number): RowDecor {
  const { columns, byteLength, selection } = frame
  const start = row * columns
  const range = { start, end: start + cellsInRow(row, columns, byteLength) }
  const caretColumn = columnOfOffset(selection.focus, columns, byteLength)
  const isCurrentRow = rowOfOffset(selection.focus, columns, byteLength) === row
  const selected = selectedRange(selection)
  return {
    cells: range.end - range.start,
    crosshairColumn: caretColumn < columns ? caretColumn : -1,
    isCurrentRow,
    selection: selected && spanIn(range, selected, columns),
    isSelectionActive: frame.isFocused,
    marks: frame.marks.flatMap((mark) => markSpans(frame, mark, range)),
    caret: isCurrentRow ? caretOf(frame, caretColumn) : undefined,
  }
}

/** Two rows with the same key and the same cells look the same: the painter leaves such a row alone. */
export function decorKey(decor: RowDecor): string {
  const { selection, caret } = decor
  let key = `${decor.cells},${decor.crosshairColumn},${decor.isCurrentRow ? 1 : 0}`
  if (selection) key += `;s${spanKey(selection)}${decor.isSelectionActive ? 'a' : 'i'}`
  if (caret) key += `;c${caret.column}${caret.pane}${caret.nibble ?? ''}${caret.isFocused ? 'f' : ''}`
  for (const mark of decor.marks) key += `;${mark.kind}${spanKey(mark)}${mark.isCurrent ? 'c' : ''}${mark.strength}`
  return key
}

function spanKey(span: CellSpan): string {
  return `${span.from}-${span.to}/${span.topTo}/${span.bottomFrom}`
}

function spanIn(
  row: { start: number; end: number },
  range: { start: number; end: number },
  columns: number,
): CellSpan | undefined {
  const from = Math.max(row.start, range.start) - row.start
  const to = Math.min(row.end, range.end) - row.start
  if (from >= to) return undefined
  return {
    from,
    to,
    topTo: Math.max(from, Math.min(to, range.start - row.start + columns)),
    bottomFrom: Math.min(to, Math.max(from, range.end - row.start - columns)),
  }
}

function markSpans(frame: FrameDecor, mark: Mark, row: { start: number; end: number }): MarkSpan[] {
  const span = spanIn(row, mark, frame.columns)
  if (!span) return []
  const strength = frame.strengthOf(mark)
  if (strength === 0) return []
  return [{ ...span, kind: mark.kind, isCurrent: mark.kind === 'hit' && isCurrentHit(frame.selection, mark), strength }]
}

/** The current hit needs no flag on the wire: it is the one just selected, or the one the caret was put on. */
function isCurrentHit(selection: SelectionState, mark: Mark): boolean {
  const selected = selectedRange(selection)
  if (!selected) return selection.focus >= mark.start && selection.focus < mark.end
  return selected.start === mark.start && selected.end === mark.end
}

function caretOf(frame: FrameDecor, column: number): CaretDecor {
  const { pane, nibble } = frame.selection
  return {
    column,
    pane,
    nibble: frame.isEditable && pane === 'hex' ? nibble : undefined,
    isFocused: frame.isFocused,
  }
}
