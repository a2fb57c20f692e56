/** Rows per strip: enough that few layers move, few enough that little is copied when one row changes. */
const STRIP_ROWS = 8

/** Sizes in whole device pixels, and what turns them into CSS pixels. */
export interface StripSizes {
  readonly widthPx: number
  readonly rowHeight: number
  /** Most rows that are on screen at once, cut ones included. */
  readonly rowsOnScreen: number
  readonly devicePixelRatio: number
}

interface Strip {
  readonly canvas: HTMLCanvasElement
  readonly context: CanvasRenderingContext2D
  /** Which stretch of STRIP_ROWS rows it holds; -1 none. */
  index: number
}

/**
 * Canvases of eight rows each, used in turn. A row is painted once into the strip it belongs to and scrolling moves strips, so
 * nothing is copied. One canvas with the standing rows blitted by drawImage was tried and measured against this, without a GPU, at
 * three rows per frame: 24 against 45 fps at ratio 2, 6 against 35 at ratio 3; repainting all rows gave 35 and 21.
 */
export class Strips {
  readonly #host: HTMLElement
  #strips: readonly Strip[] = []
  #sizes: StripSizes = { widthPx: 1, rowHeight: 1, rowsOnScreen: 0, devicePixelRatio: 1 }

  constructor(host: HTMLElement) {
    this.#host = host
  }

  /** Makes the strips that such a screen needs; what they held is gone. */
  resize(sizes: StripSizes): void {
    this.#sizes = sizes
    const count = Math.ceil(sizes.rowsOnScreen / STRIP_ROWS) + 1
    for (const strip of this.#strips.slice(count)) strip.canvas.remove()
    this.#strips = Array.from({ length: count }, (_, slot) => this.#strips[slot] ?? this.#make())
    for (const strip of this.#strips) this.#fit(strip)
  }

  /** The place to paint a row. `onReuse` hears which rows' pictures go to make room for it. */
  place(
    row: number,
    onReuse: (rows: { start: number; end: number }) => void,
  ): { context: CanvasRenderingContext2D; y: number } {
    const rest = row % STRIP_ROWS
    const index = (row - rest) / STRIP_ROWS
    const strip = this.#strips[index % this.#strips.length] as Strip
    if (strip.index !== index) {
      if (strip.index >= 0) onReuse({ start: strip.index * STRIP_ROWS, end: (strip.index + 1) * STRIP_ROWS })
      strip.index = index
    }
    return { context: strip.context, y: rest * this.#sizes.rowHeight }
  }

  /** Puts the strips where a frame wants them: `topRow` at the host's upper edge, scrolled `subRow` device pixels away. */
  arrange(topRow: number, subRow: number): void {
    const { rowHeight, rowsOnScreen, devicePixelRatio } = this.#sizes
    for (const strip of this.#strips) {
      const first = strip.index * STRIP_ROWS
      const isOnScreen = strip.index >= 0 && first + STRIP_ROWS > topRow && first < topRow + rowsOnScreen
      strip.canvas.style.visibility = isOnScreen ? 'visible' : 'hidden'
      if (!isOnScreen) continue
      const top = ((first - topRow) * rowHeight - subRow) / devicePixelRatio
      strip.canvas.style.transform = `translateY(${top}px)`
    }
  }

  dispose(): void {
    for (const strip of this.#strips) strip.canvas.remove()
    this.#strips = []
  }

  #make(): Strip {
    const canvas = document.createElement('canvas')
    canvas.style.cssText = 'position:absolute;left:0;top:0;will-change:transform;visibility:hidden'
    this.#host.append(canvas)
    return { canvas, context: opaqueContext(canvas), index: -1 }
  }

  #fit(strip: Strip): void {
    const { widthPx, rowHeight, devicePixelRatio } = this.#sizes
    strip.index = -1
    sizeCanvas(strip.canvas, { widthPx, heightPx: rowHeight * STRIP_ROWS, devicePixelRatio })
  }
}

/** Backing store and box of a canvas, one to one. Setting either backing size clears the canvas, so it is left alone when equal. */
export function sizeCanvas(
  canvas: HTMLCanvasElement,
  size: { widthPx: number; heightPx: number; devicePixelRatio: number },
): void {
  if (canvas.width !== size.widthPx) canvas.width = size.widthPx
  if (canvas.height !== size.heightPx) canvas.height = size.heightPx
  canvas.style.width = `${size.widthPx / size.devicePixelRatio}px`
  canvas.style.height = `${size.heightPx / size.devicePixelRatio}px`
}

/** @throws Error when the browser gives no 2D context: it ran out of memory. */
export function opaqueContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false })
  if (!context)
    throw new Error('The browser gave no 2D canvas for the hex grid; close other tabs and load the page again.')
  return context
}
