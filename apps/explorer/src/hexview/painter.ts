import type { SelectionState } from '../state/selection.ts'
import { decorateRow, decorKey, type FrameDecor } from './decor.ts'
import { Flashes } from './flashes.ts'
import type { GridLayout } from './geometry.ts'
import type { CellBuffer, GridBytes } from './grid_bytes.ts'
import { makeHatch } from './hatch.ts'
import { paintRuler } from './header.ts'
import { type PaintStyle, paintRow, setFont } from './row_painter.ts'
import { lineOf, type RowCells, RowComposer, type TextRun } from './row_text.ts'
import { cellsInRow, columnOfOffset, offsetLabel, rowCountOf } from './rows.ts'
import { opaqueContext, Strips, sizeCanvas } from './strips.ts'
import type { SurfaceSize } from './surface.ts'

/** What a frame shows. `subRow` is in whole device pixels. */
export interface Frame {
  readonly topRow: number
  readonly subRow: number
  readonly bytes: GridBytes
  readonly selection: SelectionState
  readonly isFocused: boolean
  readonly isEditable: boolean
  readonly isMotionReduced: boolean
  readonly nowMs: number
}

/** Where the painter puts its canvases: the ruler's, and a box that clips the rows. */
export interface PaintHosts {
  readonly ruler: HTMLCanvasElement
  readonly body: HTMLElement
}

/** A row as it stands: enough to know whether it still holds, and to say what was written. */
interface PaintedRow {
  readonly values: Uint8Array
  readonly states: Uint8Array
  readonly key: string
  readonly label: string
  readonly runs: readonly TextRun[]
}

/**
 * Paints the grid. The unit is the row: a row is painted when its cells or its decoration differ from what stands, so a frame that
 * only scrolled paints the rows that came in, and a moved caret paints what it touches.
 */
export class Painter {
  readonly #hosts: PaintHosts
  readonly #ruler: CanvasRenderingContext2D
  readonly #strips: Strips
  readonly #flashes = new Flashes()
  readonly #painted = new Map<number, PaintedRow>()
  #style: PaintStyle | undefined
  #composer = new RowComposer(1)
  #cells: CellBuffer = { values: new Uint8Array(0), states: new Uint8Array(0) }
  #onScreen = { start: 0, end: 0 }
  #rulerColumn: number | undefined

  constructor(hosts: PaintHosts) {
    this.#hosts = hosts
    this.#ruler = opaqueContext(hosts.ruler)
    this.#strips = new Strips(hosts.body)
  }

  /** A context to measure fonts with. */
  get context(): CanvasRenderingContext2D {
    return this.#ruler
  }

  /** A new size or look: everything is painted again, so paint in the same task. */
  restyle(surface: SurfaceSize, style: Omit<PaintStyle, 'hatch'>): void {
    const { widthPx, devicePixelRatio } = surface
    const { headerHeight, rowHeight, columns } = style.layout
    sizeCanvas(this.#hosts.ruler, { widthPx, heightPx: headerHeight, devicePixelRatio })
    this.#hosts.body.style.top = `${headerHeight / devicePixelRatio}px`
    // One more than fits: a scrolled grid cuts a row at each edge.
    this.#strips.resize({ widthPx, rowHeight, rowsOnScreen: Math.ceil(style.bodyPx / rowHeight) + 1, devicePixelRatio })
    this.#composer = new RowComposer(columns)
    const hatch = makeHatch(this.#ruler, style.palette.colours['unreadable-hatch'], style.linePx)
    this.#style = { ...style, hatch }
    this.#painted.clear()
    this.#rulerColumn = undefined
  }

  /** Paints what changed. Answers whether something is fading, so that another frame is wanted. */
  paint(frame: Frame): { isAnimating: boolean; rowsPainted: number } {
    const style = this.#style
    if (!style) return { isAnimating: false, rowsPainted: 0 }
    const { columns, rowHeight } = style.layout
    const rows = Math.ceil((style.bodyPx + frame.subRow) / rowHeight)
    const start = frame.topRow * columns
    const end = start + this.#readCells(frame.bytes, start, rows * columns)
    const decor = this.#decorate(style.layout, frame, { start, end })
    this.#onScreen = { start: frame.topRow, end: frame.topRow + rows }
    const rowsPainted = this.#paintRows(style, decor)
    this.#strips.arrange(frame.topRow, frame.subRow)
    this.#paintRuler(style, frame)
    return { isAnimating: this.#flashes.isFading, rowsPainted }
  }

  /** The text handed to the canvas for a row on screen, as one line. */
  lineOf(row: number): string | undefined {
    const isOnScreen = row >= this.#onScreen.start && row < this.#onScreen.end
    const painted = isOnScreen ? this.#painted.get(row) : undefined
    return painted && this.#style && lineOf({ ...painted, columns: this.#style.layout.columns })
  }

  dispose(): void {
    this.#strips.dispose()
  }

  #decorate(layout: GridLayout, frame: Frame, range: { start: number; end: number }): FrameDecor {
    const marks = frame.bytes.marksIn(range.start, range.end)
    this.#flashes.begin(marks)
    return {
      columns: layout.columns,
      byteLength: frame.bytes.byteLength,
      selection: frame.selection,
      isFocused: frame.isFocused,
      isEditable: frame.isEditable,
      marks,
      strengthOf: (mark) => this.#flashes.strength(mark, frame.nowMs, frame.isMotionReduced),
    }
  }

  /** Fills the frame's cell buffers; answers how many of the wanted cells exist. */
  #readCells(bytes: GridBytes, start: number, wanted: number): number {
    if (this.#cells.values.length < wanted) {
      this.#cells = { values: new Uint8Array(wanted), states: new Uint8Array(wanted) }
    }
    const length = Math.max(0, Math.min(wanted, bytes.byteLength - start))
    if (length > 0) bytes.readCells(start, length, this.#cells)
    return length
  }

  #paintRows(style: PaintStyle, decor: FrameDecor): number {
    const { columns, offsetDigits } = style.layout
    const { start, end } = this.#onScreen
    const rowCount = rowCountOf(decor.byteLength, columns)
    let rowsPainted = 0
    for (let row = start; row < end; row++) {
      const cells = this.#cellsOf(decor, row, row - start)
      const rowDecor = decorateRow(decor, row)
      const label = row < rowCount ? offsetLabel(row * columns, offsetDigits) : ''
      const key = decorKey(rowDecor) + label
      const place = this.#strips.place(row, (rows) => this.#forget(rows))
      if (this.#holds(row, cells, key)) continue
      const runs = this.#composer.compose(cells)
      paintRow(style, place, { row, label, runs, states: cells.states, decor: rowDecor })
      this.#painted.set(row, { values: cells.values.slice(), states: cells.states.slice(), key, label, runs })
      rowsPainted++
    }
    return rowsPainted
  }

  #cellsOf(decor: FrameDecor, row: number, index: number): RowCells {
    const from = index * decor.columns
    const to = from + cellsInRow(row, decor.columns, decor.byteLength)
    return { values: this.#cells.values.subarray(from, to), states: this.#cells.states.subarray(from, to) }
  }

  #holds(row: number, cells: RowCells, key: string): boolean {
    const painted = this.#painted.get(row)
    return painted?.key === key && isSame(painted.states, cells.states) && isSame(painted.values, cells.values)
  }

  #forget(rows: { start: number; end: number }): void {
    for (let row = rows.start; row < rows.end; row++) this.#painted.delete(row)
  }

  #paintRuler(style: PaintStyle, frame: Frame): void {
    const { layout } = style
    const column = columnOfOffset(frame.selection.focus, layout.columns, frame.bytes.byteLength)
    if (this.#rulerColumn === column) return
    this.#rulerColumn = column
    setFont(this.#ruler, style.font)
    paintRuler({ ...style, context: this.#ruler, currentColumn: column < layout.columns ? column : -1 })
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}
