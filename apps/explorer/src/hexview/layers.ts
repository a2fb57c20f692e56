import type { Pane } from '../state/selection.ts'
import type { CaretDecor, CellSpan, MarkSpan, RowDecor } from './decor.ts'
import { cellWidth, cellX, GROUP, type GridLayout } from './geometry.ts'
import { CELL_UNREAD, CELL_UNREADABLE } from './grid_bytes.ts'
import type { Palette } from './palette.ts'

/** Where and with what a row is painted. All numbers are device pixels, whole. */
export interface RowCanvas {
  readonly context: CanvasRenderingContext2D
  readonly layout: GridLayout
  readonly palette: Palette
  /** Diagonal lines; `hatchPhase` keeps them unbroken from row to row. */
  readonly hatch: CanvasPattern | null
  readonly hatchPhase: number
  readonly widthPx: number
  /** Thickness of a hairline: one CSS pixel. */
  readonly linePx: number
  readonly y: number
}

const PANES: readonly Pane[] = ['hex', 'text']

/** Ground, alternating groups, the current row and column. */
export function paintGround(canvas: RowCanvas, decor: RowDecor): void {
  const { context, layout, palette, y } = canvas
  const { colours } = palette
  context.fillStyle = colours.surface
  context.fillRect(0, y, canvas.widthPx, layout.rowHeight)
  context.fillStyle = colours.group
  for (let from = GROUP; from < layout.columns; from += GROUP * 2) {
    fillSpan(canvas, { from, to: Math.min(from + GROUP, layout.columns) })
  }
  context.fillStyle = colours.crosshair
  if (decor.isCurrentRow) context.fillRect(0, y, canvas.widthPx, layout.rowHeight)
  if (decor.crosshairColumn >= 0) fillSpan(canvas, { from: decor.crosshairColumn, to: decor.crosshairColumn + 1 })
  context.fillStyle = colours.rule
  for (const x of ruleXs(layout)) context.fillRect(x, y, canvas.linePx, layout.rowHeight)
}

/** Left edges of the two lines that part offset, hex and text. */
export function ruleXs(layout: GridLayout): readonly [number, number] {
  return [layout.hexX - layout.halfChar - layout.charWidth, layout.textX - layout.halfChar - layout.charWidth]
}

/** What lies under the text: selection, tints, fills and the shapes that stand for missing bytes. */
export function paintUnderText(canvas: RowCanvas, decor: RowDecor, states: Uint8Array): void {
  const { context, palette } = canvas
  const { colours } = palette
  for (const mark of decor.marks) {
    if (mark.kind !== 'edited') continue
    context.fillStyle = colours['edited-tint']
    fillSpan(canvas, mark)
  }
  if (decor.selection) {
    context.fillStyle = decor.isSelectionActive ? colours.selection : colours['selection-idle']
    fillSpan(canvas, decor.selection)
    context.fillStyle = colours['selection-line']
    underlineSpan(canvas, decor.selection, canvas.linePx)
  }
  for (const mark of decor.marks) paintMarkFill(canvas, mark)
  paintUnreadable(canvas, states)
  paintSkeleton(canvas, states)
}

function paintMarkFill(canvas: RowCanvas, mark: MarkSpan): void {
  const { context, palette } = canvas
  if (mark.kind === 'hit' && mark.isCurrent) {
    context.fillStyle = palette.colours['hit-current']
    fillSpan(canvas, mark)
  } else if (mark.kind === 'changed') {
    context.globalAlpha = mark.strength
    context.fillStyle = palette.colours.changed
    fillSpan(canvas, mark)
    context.globalAlpha = 1
  }
}

/** What lies over the text: outlines and underlines, so that no meaning rests on colour alone. */
export function paintOverText(canvas: RowCanvas, decor: RowDecor): void {
  const { context, palette } = canvas
  for (const mark of decor.marks) {
    switch (mark.kind) {
      case 'hit':
        context.fillStyle = palette.colours.hit
        for (const pane of PANES) outlineSpan(canvas, mark, pane)
        break
      case 'edited':
        context.fillStyle = palette.colours.edited
        underlineSpan(canvas, mark, canvas.linePx * 2)
        break
      case 'changed':
        context.globalAlpha = mark.strength
        context.fillStyle = palette.colours['changed-line']
        for (const pane of PANES) outlineSpan(canvas, mark, pane)
        context.globalAlpha = 1
        break
    }
  }
}

/** The caret: a block in the pane that is typed into, an outline in the other, outlines in both when the grid has no focus. */
export function paintCaret(
  canvas: RowCanvas,
  caret: CaretDecor,
  drawText: (colour: string, pane: Pane, part: 'all' | 'high' | 'low') => void,
): void {
  const { layout, palette } = canvas
  const other: Pane = caret.pane === 'hex' ? 'text' : 'hex'
  if (caret.column >= layout.columns) {
    paintCaretBar(canvas, caret)
    return
  }
  outlineCaret(canvas, caret.column, other, palette.colours['caret-ghost'])
  if (!caret.isFocused) {
    outlineCaret(canvas, caret.column, caret.pane, palette.colours.caret)
    return
  }
  const box = { x: cellX(layout, caret.column, caret.pane), width: cellWidth(layout, caret.pane) }
  fillBox(canvas, box, caret.nibble ? palette.colours['caret-soft'] : palette.colours.caret)
  if (!caret.nibble) {
    drawText(palette.colours['caret-text'], caret.pane, 'all')
    return
  }
  const split = layout.halfChar + layout.charWidth
  const half = caret.nibble === 'high' ? { x: box.x, width: split } : { x: box.x + split, width: box.width - split }
  fillBox(canvas, half, palette.colours.caret)
  drawText(palette.colours['caret-text'], caret.pane, caret.nibble)
  drawText(palette.colours['caret-soft-text'], caret.pane, caret.nibble === 'high' ? 'low' : 'high')
}

/** After the last byte of a full row there is no cell to fill: a bar at its edge, as in text. */
function paintCaretBar(canvas: RowCanvas, caret: CaretDecor): void {
  const { layout, palette, linePx } = canvas
  for (const pane of PANES) {
    const x = cellX(layout, caret.column - 1, pane) + cellWidth(layout, pane)
    const isActive = pane === caret.pane && caret.isFocused
    fillBox(canvas, { x, width: isActive ? linePx * 2 : linePx }, palette.colours[isActive ? 'caret' : 'caret-ghost'])
  }
}

function paintSkeleton(canvas: RowCanvas, states: Uint8Array): void {
  const { context, layout } = canvas
  const spans = spansOf(states, CELL_UNREAD, GROUP)
  if (spans.length === 0) return
  const height = Math.round(layout.rowHeight * 0.42)
  const top = canvas.y + Math.round((layout.rowHeight - height) / 2)
  const radius = Math.round(height / 2)
  context.fillStyle = canvas.palette.colours.skeleton
  context.beginPath()
  for (const span of spans) {
    const x = cellX(layout, span.from, 'hex') + layout.halfChar
    const right = cellX(layout, span.to - 1, 'hex') + layout.halfChar + layout.charWidth * 2
    context.roundRect(x, top, right - x, height, radius)
  }
  for (const span of spansOf(states, CELL_UNREAD, Number.POSITIVE_INFINITY)) {
    const x = cellX(layout, span.from, 'text')
    context.roundRect(x, top, (span.to - span.from) * layout.charWidth, height, radius)
  }
  context.fill()
}

function paintUnreadable(canvas: RowCanvas, states: Uint8Array): void {
  const { context, hatch, hatchPhase, y } = canvas
  if (!hatch) return
  for (const span of spansOf(states, CELL_UNREADABLE, Number.POSITIVE_INFINITY)) {
    context.save()
    context.translate(0, y - hatchPhase)
    context.fillStyle = hatch
    for (const pane of PANES) {
      const { x, width } = spanBox(canvas.layout, span, pane)
      context.fillRect(x, hatchPhase, width, canvas.layout.rowHeight)
    }
    context.restore()
  }
}

/** Stretches of cells in one state, cut at every multiple of `cut` cells. */
export function spansOf(states: Uint8Array, state: number, cut: number): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (let column = 0; column < states.length; column++) {
    if (states[column] !== state) continue
    const last = spans[spans.length - 1]
    const joins = last !== undefined && last.to === column && column % cut !== 0
    if (joins) last.to = column + 1
    else spans.push({ from: column, to: column + 1 })
  }
  return spans
}

function spanBox(layout: GridLayout, span: { from: number; to: number }, pane: Pane): { x: number; width: number } {
  const x = cellX(layout, span.from, pane)
  return { x, width: cellX(layout, span.to - 1, pane) + cellWidth(layout, pane) - x }
}

function fillSpan(canvas: RowCanvas, span: { from: number; to: number }): void {
  for (const pane of PANES) {
    const { x, width } = spanBox(canvas.layout, span, pane)
    canvas.context.fillRect(x, canvas.y, width, canvas.layout.rowHeight)
  }
}

function underlineSpan(canvas: RowCanvas, span: { from: number; to: number }, thickness: number): void {
  for (const pane of PANES) {
    const { x, width } = spanBox(canvas.layout, span, pane)
    canvas.context.fillRect(x, canvas.y + canvas.layout.rowHeight - thickness, width, thickness)
  }
}

/** Thin rectangles instead of a stroke: strokes straddle pixels. A range over several rows gets one outline, not one per row. */
function outlineSpan(canvas: RowCanvas, span: CellSpan, pane: Pane): void {
  const { context, layout, linePx, y } = canvas
  const { x, width } = spanBox(layout, span, pane)
  context.fillRect(x, y, linePx, layout.rowHeight)
  context.fillRect(x + width - linePx, y, linePx, layout.rowHeight)
  if (span.topTo > span.from) {
    const top = spanBox(layout, { from: span.from, to: span.topTo }, pane)
    context.fillRect(top.x, y, top.width, linePx)
  }
  if (span.to > span.bottomFrom) {
    const bottom = spanBox(layout, { from: span.bottomFrom, to: span.to }, pane)
    context.fillRect(bottom.x, y + layout.rowHeight - linePx, bottom.width, linePx)
  }
}

function outlineCaret(canvas: RowCanvas, column: number, pane: Pane, colour: string): void {
  canvas.context.fillStyle = colour
  outlineSpan(canvas, { from: column, to: column + 1, topTo: column + 1, bottomFrom: column }, pane)
}

function fillBox(canvas: RowCanvas, box: { x: number; width: number }, colour: string): void {
  canvas.context.fillStyle = colour
  canvas.context.fillRect(box.x, canvas.y, box.width, canvas.layout.rowHeight)
}
