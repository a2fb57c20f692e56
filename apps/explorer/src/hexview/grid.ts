import type { Pane, SelectionStore } from '../state/selection.ts'
import type { ViewStore } from '../state/view.ts'
import { fitFont, type GridFont } from './font.ts'
import {
  cellRect,
  chooseColumns,
  type GridLayout,
  type GridMetrics,
  type GridView,
  layoutGrid,
  type Rect,
  scaleMetrics,
} from './geometry.ts'
import type { GridBytes } from './grid_bytes.ts'
import { type GridInspection, registerInspection } from './inspect.ts'
import { Painter, type PaintHosts } from './painter.ts'
import { readPalette } from './palette.ts'
import { PointerInput } from './pointer.ts'
import { offsetDigitsOf, rowCountOf } from './rows.ts'
import { clampPosition, rebaseTopRow, type ScrollPosition, type ScrollSpace, scrollByPx } from './scroll.ts'
import { observeSurface, type SurfaceSize } from './surface.ts'
import { listenWheel, wheelScrollPx } from './wheel.ts'

export interface GridParts {
  /** The focusable element. */
  readonly root: HTMLElement
  /** Grid and scrollbar: the wheel scrolls over both. */
  readonly frame: HTMLElement
  /** The box the grid is painted in: takes pointers, holds `hosts`. */
  readonly surface: HTMLElement
  readonly hosts: PaintHosts
  readonly bytes: GridBytes
  readonly view: ViewStore
  readonly selection: SelectionStore
}

export interface GridOptions {
  readonly isEditable: boolean
  /** Bytes per row that are wanted; fewer are shown where they do not fit. */
  readonly columns: number | 'fit'
  readonly onHover: (offset: number | undefined) => void
}

/** What of the layout others draw by. */
export interface GridLayoutInfo {
  readonly rowHeightPx: number
  readonly headerHeightPx: number
}

interface Look {
  readonly surface: SurfaceSize
  readonly font: GridFont
  readonly device: GridMetrics
  readonly deviceLayout: GridLayout
  readonly layout: GridLayout
}

/** The hex grid without React: keeps canvas, stores and bytes in step and paints at most once per frame, only on change. */
export class HexGrid {
  readonly #parts: GridParts
  readonly #painter: Painter
  readonly #pointer: PointerInput
  readonly #disposers: (() => void)[] = []
  readonly #layoutListeners = new Set<() => void>()
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)')
  #options: GridOptions = { isEditable: false, columns: 16, onHover: () => {} }
  #look: Look | undefined
  #info: GridLayoutInfo = { rowHeightPx: 1, headerHeightPx: 0 }
  #surface: SurfaceSize | undefined
  #frameRequest = 0
  #isStyleStale = true
  #visible = { start: 0, end: 0 }
  #last = { frames: 0, ms: 0, rows: 0 }

  constructor(parts: GridParts) {
    this.#parts = parts
    this.#painter = new Painter(parts.hosts)
    this.#pointer = new PointerInput({
      element: parts.surface,
      selection: parts.selection,
      gridView: () => this.#gridView(),
      scrollByPx: (deltaPx) => this.scrollByPx(deltaPx),
      onHover: (offset) => this.#options.onHover(offset),
    })
    this.#listen()
  }

  configure(options: GridOptions): void {
    const isLayoutChanged = options.columns !== this.#options.columns
    this.#options = options
    if (isLayoutChanged) this.#isStyleStale = true
    this.schedule()
  }

  /** Colours or fonts changed: they are read again before the next frame. */
  restyle(): void {
    this.#isStyleStale = true
    this.schedule()
  }

  /** Asks for a frame; any number of calls before it are one. */
  schedule(): void {
    if (this.#frameRequest !== 0) return
    this.#frameRequest = requestAnimationFrame(() => {
      this.#frameRequest = 0
      this.#paint()
    })
  }

  scrollByPx(deltaPx: number): void {
    const { view } = this.#parts
    view.setState(scrollByPx(this.#space(), view.getState(), deltaPx))
  }

  layoutInfo(): GridLayoutInfo {
    return this.#info
  }

  subscribeLayout(listener: () => void): () => void {
    this.#layoutListeners.add(listener)
    return () => this.#layoutListeners.delete(listener)
  }

  dispose(): void {
    cancelAnimationFrame(this.#frameRequest)
    this.#pointer.dispose()
    for (const dispose of this.#disposers.splice(0)) dispose()
    this.#layoutListeners.clear()
    this.#painter.dispose()
  }

  #listen(): void {
    const { root, frame, surface, bytes, view, selection } = this.#parts
    const themes = new MutationObserver(() => this.restyle())
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style', 'class'] })
    const listeners = new AbortController()
    const schedule = (): void => this.schedule()
    root.addEventListener('focus', schedule, { signal: listeners.signal })
    root.addEventListener('blur', schedule, { signal: listeners.signal })
    matchMedia('(forced-colors: active)').addEventListener('change', () => this.restyle(), { signal: listeners.signal })
    this.#disposers.push(
      observeSurface(surface, (size) => this.#resized(size)),
      view.subscribe(schedule),
      selection.subscribe(schedule),
      bytes.subscribe(() => this.#bytesChanged()),
      listenWheel(frame, (wheel) => this.scrollByPx(wheelScrollPx(this.#space(), wheel))),
      registerInspection(this.#inspection()),
      () => listeners.abort(),
      () => themes.disconnect(),
    )
  }

  #resized(surface: SurfaceSize): void {
    this.#surface = surface
    this.#isStyleStale = true
    // At once: the observer runs between layout and paint, and a resized canvas is blank until it is painted.
    this.#paint()
  }

  #bytesChanged(): void {
    const digits = this.#look?.layout.offsetDigits
    if (digits !== undefined && digits !== offsetDigitsOf(this.#parts.bytes.byteLength)) this.#isStyleStale = true
    this.schedule()
  }

  #restyle(surface: SurfaceSize): Look {
    const { root, bytes } = this.#parts
    const ratio = surface.devicePixelRatio
    const style = getComputedStyle(root)
    const pixels = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) * ratio
    const family = style.getPropertyValue('--font-mono')
    const sizePx = Number.parseFloat(style.getPropertyValue('--hex-font-size'))
    const font = fitFont(this.#painter.context, { family, sizePx, devicePixelRatio: ratio })
    const device: GridMetrics = {
      charWidth: font.charWidth,
      halfChar: Math.floor(font.charWidth / 2),
      rowHeight: Math.round(pixels('--hex-row-height')),
      headerHeight: Math.round(pixels('--hex-row-height') * 1.32),
      padding: Math.round(font.charWidth * 1.5),
    }
    const { byteLength } = bytes
    const columns = chooseColumns(device, { wish: this.#options.columns, widthPx: surface.widthPx, byteLength })
    const deviceLayout = layoutGrid(device, { columns, byteLength })
    const layout = layoutGrid(scaleMetrics(device, 1 / ratio), { columns, byteLength })
    const linePx = Math.max(1, Math.round(ratio))
    const { widthPx, heightPx } = surface
    const bodyPx = Math.max(0, heightPx - deviceLayout.headerHeight)
    this.#painter.restyle(surface, { layout: deviceLayout, font, palette: readPalette(root), linePx, widthPx, bodyPx })
    return { surface, font, device, deviceLayout, layout }
  }

  /** Tells the stores what fits, keeping the byte at the top where it is. */
  #publishLayout(look: Look): void {
    const { view, bytes } = this.#parts
    const before = view.getState()
    const { columns, rowHeight } = look.deviceLayout
    const body = look.surface.heightPx - look.deviceLayout.headerHeight
    const visibleRows = Math.max(1, Math.floor(body / rowHeight))
    this.#info = { rowHeightPx: look.layout.rowHeight, headerHeightPx: look.layout.headerHeight }
    const space = { rowCount: rowCountOf(bytes.byteLength, columns), visibleRows, rowHeightPx: look.layout.rowHeight }
    const topRow = rebaseTopRow(before.topRow, before.columns, columns)
    const position = clampPosition(space, { topRow, subRowPx: before.subRowPx })
    view.setState({ ...position, columns, visibleRows })
    for (const listener of this.#layoutListeners) listener()
  }

  #paint(): void {
    if (!this.#surface) return
    const startMs = performance.now()
    if (this.#isStyleStale || !this.#look) {
      this.#look = this.#restyle(this.#surface)
      this.#isStyleStale = false
      this.#publishLayout(this.#look)
    }
    const look = this.#look
    const position = this.#position()
    const { isAnimating, rowsPainted } = this.#painter.paint({
      topRow: position.topRow,
      subRow: Math.round(position.subRowPx * look.surface.devicePixelRatio),
      bytes: this.#parts.bytes,
      selection: this.#parts.selection.getState(),
      isFocused: document.activeElement === this.#parts.root,
      isEditable: this.#options.isEditable,
      isMotionReduced: this.#reducedMotion.matches,
      nowMs: startMs,
    })
    this.#last = { frames: this.#last.frames + 1, ms: performance.now() - startMs, rows: rowsPainted }
    this.#tellVisible(position)
    this.#pointer.refreshHover()
    if (isAnimating) this.schedule()
  }

  #space(): ScrollSpace {
    const { bytes, view } = this.#parts
    const { columns, visibleRows } = view.getState()
    return { rowCount: rowCountOf(bytes.byteLength, columns), visibleRows, rowHeightPx: this.#info.rowHeightPx }
  }

  /** The position in force. The document may have shrunk under it, so it is brought back, and the store told, before painting. */
  #position(): ScrollPosition {
    const { view } = this.#parts
    const wanted = view.getState()
    const position = clampPosition(this.#space(), wanted)
    const isMoved = position.topRow !== wanted.topRow || position.subRowPx !== wanted.subRowPx
    if (isMoved) view.setState(position)
    return position
  }

  #tellVisible(position: ScrollPosition): void {
    const { bytes, view } = this.#parts
    const { columns, visibleRows } = view.getState()
    const start = Math.min(bytes.byteLength, position.topRow * columns)
    // Two rows more than are whole: one may be cut at each edge.
    const end = Math.min(bytes.byteLength, start + (visibleRows + 2) * columns)
    const before = this.#visible
    if (before.start === start && before.end === end) return
    this.#visible = { start, end }
    bytes.setVisible(start, end, start === before.start ? 'none' : start > before.start ? 'forward' : 'backward')
  }

  #gridView(): GridView | undefined {
    if (!this.#look) return undefined
    return {
      layout: this.#look.layout,
      position: this.#parts.view.getState(),
      byteLength: this.#parts.bytes.byteLength,
    }
  }

  #inspection(): GridInspection {
    const last = (): { frames: number; ms: number; rows: number } => this.#last
    return {
      cellRect: (offset, pane) => this.#cellOnScreen(offset, pane),
      paintedRow: (row) => this.#painter.lineOf(row),
      visibleRange: () => ({ ...this.#visible }),
      get frames() {
        return last().frames
      },
      get lastFrameMs() {
        return last().ms
      },
      get lastFrameRows() {
        return last().rows
      },
    }
  }

  #cellOnScreen(offset: number, pane: Pane): Rect | undefined {
    const view = this.#gridView()
    if (!view || offset < 0 || offset > view.byteLength) return undefined
    const rect = cellRect(view, offset, pane)
    const box = this.#parts.surface.getBoundingClientRect()
    if (rect.y < view.layout.headerHeight || rect.y + rect.height > box.height) return undefined
    return { ...rect, x: box.left + rect.x, y: box.top + rect.y }
  }
}
