import type { Page } from '@playwright/test'
import type { Rect } from '../src/hexview/geometry.ts'
import type { GridInspection } from '../src/hexview/inspect.ts'
import type { Pane, SelectionState, SelectionStore } from '../src/state/selection.ts'
import type { ViewState, ViewStore } from '../src/state/view.ts'
import type { measure } from './frames.ts'
import type { SeededBytes } from './seeded_bytes.ts'

/** What main.tsx leaves on the window. */
export interface Harness {
  readonly view: ViewStore
  readonly selection: SelectionStore
  readonly bytes: SeededBytes
  readonly typed: string[]
  readonly hovered: (number | undefined)[]
  readonly measure: typeof measure
}

declare global {
  var harness: Harness
  var mapscope: { readonly grid: GridInspection }
}

/** The harness page as its tests speak of it. */
export class HarnessPage {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async open(address: string, query: string): Promise<void> {
    await this.#page.goto(`${address}?${query}`)
    await this.#page.waitForFunction(() => (globalThis.mapscope?.grid?.frames ?? 0) > 0)
    await this.settle()
  }

  /** Waits until two frames have gone by: everything asked for has been painted and composited. */
  async settle(): Promise<void> {
    await this.#page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    })
  }

  view(): Promise<ViewState> {
    return this.#page.evaluate(() => globalThis.harness.view.getState())
  }

  selection(): Promise<SelectionState> {
    return this.#page.evaluate(() => globalThis.harness.selection.getState())
  }

  async show(view: Partial<ViewState>, selection: Partial<SelectionState> = {}): Promise<void> {
    await this.#page.evaluate(
      ([toView, toSelection]) => {
        globalThis.harness.view.setState(toView)
        globalThis.harness.selection.setState(toSelection)
      },
      [view, selection] as const,
    )
    await this.settle()
  }

  painted(row: number): Promise<string | undefined> {
    return this.#page.evaluate((wanted) => globalThis.mapscope.grid.paintedRow(wanted), row)
  }

  /** The bytes that a row ought to show, from their source. */
  bytes(offset: number, length: number): Promise<number[]> {
    return this.#page.evaluate(
      ([from, count]) => Array.from({ length: count }, (_, index) => globalThis.harness.bytes.byteAt(from + index)),
      [offset, length] as const,
    )
  }

  async cell(offset: number, pane: Pane = 'hex'): Promise<Rect> {
    const rect = await this.#page.evaluate(([at, where]) => globalThis.mapscope.grid.cellRect(at, where), [
      offset,
      pane,
    ] as const)
    if (!rect) throw new Error(`The cell of ${offset} is not on screen.`)
    return rect
  }

  async centre(offset: number, pane: Pane = 'hex'): Promise<{ x: number; y: number }> {
    const rect = await this.cell(offset, pane)
    return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 }
  }

  picture(): Promise<Buffer> {
    return this.#page.locator('[data-testid=hexgrid]').screenshot({ scale: 'device', caret: 'initial' })
  }
}
