import type { GridInspection } from '../src/hexview/inspect.ts'
import type { ViewStore } from '../src/state/view.ts'

export interface FrameReport {
  readonly frames: number
  readonly fps: number
  readonly jsMedianMs: number
  readonly jsP95Ms: number
  readonly frameP95Ms: number
  readonly frameMaxMs: number
}

/** How the view moves each frame: `jump` shows new content everywhere, `rows` three rows on, `pixels` a trackpad's 7 px. */
export type Motion = 'jump' | 'rows' | 'pixels'

/** Moves the view every frame for a while and reports what the frames cost. */
export async function measure(view: ViewStore, motion: Motion, durationMs: number): Promise<FrameReport> {
  const grid = (globalThis as { mapscope?: { grid?: GridInspection } }).mapscope?.grid
  if (!grid) throw new Error('The grid has not been mounted yet; wait for [data-testid=hexgrid].')
  const js: number[] = []
  const gaps: number[] = []
  const start = await nextFrame()
  let last = start
  while (last - start < durationMs) {
    move(view, motion)
    const now = await nextFrame()
    js.push(grid.lastFrameMs)
    gaps.push(now - last)
    last = now
  }
  return {
    frames: gaps.length,
    fps: round((gaps.length * 1000) / (last - start)),
    jsMedianMs: round(quantile(js, 0.5)),
    jsP95Ms: round(quantile(js, 0.95)),
    frameP95Ms: round(quantile(gaps, 0.95)),
    frameMaxMs: round(Math.max(...gaps)),
  }
}

function move(view: ViewStore, motion: Motion): void {
  const { topRow, subRowPx } = view.getState()
  if (motion === 'jump') view.setState({ topRow: (topRow + 123_457_689) % 2 ** 38, subRowPx: 0 })
  else if (motion === 'rows') view.setState({ topRow: topRow + 3 })
  else {
    const px = subRowPx + 7
    view.setState(px >= 19 ? { topRow: topRow + 1, subRowPx: px - 19 } : { subRowPx: px })
  }
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
