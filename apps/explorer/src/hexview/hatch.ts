const TILE_CSS_PX = 6

/** A tile of diagonal lines: unreadable bytes are told by shape as well as by colour. */
export function makeHatch(target: CanvasRenderingContext2D, colour: string, linePx: number): CanvasPattern | null {
  const tile = TILE_CSS_PX * linePx
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = tile
  const context = canvas.getContext('2d')
  if (!context) return null
  context.strokeStyle = colour
  context.lineWidth = linePx
  context.beginPath()
  // Three parallel lines, so that the corners of neighbouring tiles join.
  for (const shift of [-tile, 0, tile]) {
    context.moveTo(shift - 1, tile + 1)
    context.lineTo(shift + tile + 1, -1)
  }
  context.stroke()
  return target.createPattern(canvas, 'repeat')
}

/** How far into a tile a row begins. It hangs on the row and not on the screen, so a scrolled row still fits its neighbours. */
export function hatchPhase(row: number, rowHeight: number, linePx: number): number {
  const tile = TILE_CSS_PX * linePx
  return ((row % tile) * rowHeight) % tile
}
