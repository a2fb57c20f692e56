import type { Pane } from '../state/selection.ts'
import type { RowDecor } from './decor.ts'
import type { GridFont } from './font.ts'
import { type GridLayout, hexChar, textChar } from './geometry.ts'
import { hatchPhase } from './hatch.ts'
import { paintCaret, paintGround, paintOverText, paintUnderText, type RowCanvas } from './layers.ts'
import type { Palette } from './palette.ts'
import type { TextRun } from './row_text.ts'

/** How things look; a change of any of it repaints everything. Lengths are whole device pixels. */
export interface PaintStyle {
  readonly layout: GridLayout
  readonly font: GridFont
  readonly palette: Palette
  /** A hairline: one CSS pixel. */
  readonly linePx: number
  readonly widthPx: number
  readonly bodyPx: number
  readonly hatch: CanvasPattern | null
}

/** All that a row shows. */
export interface RowPicture {
  readonly row: number
  readonly label: string
  readonly runs: readonly TextRun[]
  readonly states: Uint8Array
  readonly decor: RowDecor
}

/** Paints one row, ground to caret, with its upper edge at `place.y`. */
export function paintRow(
  style: PaintStyle,
  place: { readonly context: CanvasRenderingContext2D; readonly y: number },
  picture: RowPicture,
): void {
  const { context, y } = place
  const { layout, palette } = style
  const { decor } = picture
  const canvas: RowCanvas = {
    context,
    y,
    layout,
    palette,
    hatch: style.hatch,
    hatchPhase: hatchPhase(picture.row, layout.rowHeight, style.linePx),
    widthPx: style.widthPx,
    linePx: style.linePx,
  }
  const baseline = y + baselineIn(style.font, layout.rowHeight)
  setFont(context, style.font)
  paintGround(canvas, decor)
  paintUnderText(canvas, decor, picture.states)
  paintLabel(canvas, picture.label, { baseline, isCurrent: decor.isCurrentRow })
  for (const run of picture.runs) {
    context.fillStyle = palette.text[run.colour] ?? ''
    context.fillText(run.text, layout.hexX + run.char * layout.charWidth, baseline)
  }
  paintOverText(canvas, decor)
  const { caret } = decor
  if (!caret) return
  paintCaret(canvas, caret, (colour, pane, part) => {
    context.fillStyle = colour
    paintCellText(canvas, picture.runs, { column: caret.column, pane, part, baseline })
  })
}

/** Where digits stand in a band of a height: centred by their own height, for a hex row has next to no descenders. */
export function baselineIn(font: GridFont, height: number): number {
  return Math.round((height + font.digitHeight) / 2)
}

/** A resized canvas forgets its font, so it is set for every row; that costs nothing when it is the same. */
export function setFont(context: CanvasRenderingContext2D, font: GridFont): void {
  context.font = font.css
  context.letterSpacing = font.letterSpacing
  context.fontKerning = 'none'
  context.textBaseline = 'alphabetic'
}

/** The offset, its leading zeros fainter: what changes from row to row is at the right. */
function paintLabel(canvas: RowCanvas, label: string, at: { baseline: number; isCurrent: boolean }): void {
  if (label === '') return
  const { context, layout, palette } = canvas
  const lead = at.isCurrent ? 0 : Math.min(label.length - 1, label.search(/[^0]|$/))
  context.fillStyle = palette.colours['offset-lead']
  if (lead > 0) context.fillText(label.slice(0, lead), layout.offsetX, at.baseline)
  context.fillStyle = palette.colours[at.isCurrent ? 'offset-current' : 'offset']
  context.fillText(label.slice(lead), layout.offsetX + lead * layout.charWidth, at.baseline)
}

/** One cell's text again, over the caret's block. */
function paintCellText(
  canvas: RowCanvas,
  runs: readonly TextRun[],
  cell: { column: number; pane: Pane; part: 'all' | 'high' | 'low'; baseline: number },
): void {
  const { context, layout } = canvas
  const isHex = cell.pane === 'hex'
  const start = isHex ? hexChar(cell.column) + (cell.part === 'low' ? 1 : 0) : textChar(layout.columns) + cell.column
  const length = isHex && cell.part === 'all' ? 2 : 1
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, start - run.char), Math.max(0, start + length - run.char))
    if (text.trim() !== '') context.fillText(text, layout.hexX + start * layout.charWidth, cell.baseline)
  }
}
