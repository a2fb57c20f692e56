const ROWS_PER_SECOND = 6
const ROWS_PER_SECOND_PER_PX = 0.8
const DOUBLING_MS = 900
const MAX_DOUBLINGS = 20

/**
 * Rows per second while a drag is held outside the grid: faster with distance, and doubled for every 0.9 s it is held, so that
 * selecting gigabytes by hand is a matter of seconds. Signed like `beyondPx`: below 0 above the grid, 0 inside.
 */
export function autoscrollSpeed(beyondPx: number, heldMs: number): number {
  if (beyondPx === 0) return 0
  const base = ROWS_PER_SECOND + Math.abs(beyondPx) * ROWS_PER_SECOND_PER_PX
  return Math.sign(beyondPx) * base * 2 ** Math.min(MAX_DOUBLINGS, heldMs / DOUBLING_MS)
}

/** How far y is outside start..end; negative before it. */
export function beyond(y: number, start: number, end: number): number {
  if (y < start) return y - start
  return y > end ? y - end : 0
}
