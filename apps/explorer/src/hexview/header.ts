import { cellX, hexChar } from './geometry.ts'
import { ruleXs } from './layers.ts'
import { baselineIn, type PaintStyle } from './row_painter.ts'

/** The ruler over the columns: two digits over each byte, the last digit over each character, the caret's column lit. */
export interface Ruler extends PaintStyle {
  readonly context: CanvasRenderingContext2D
  /** -1: none. */
  readonly currentColumn: number
}

export function paintRuler(ruler: Ruler): void {
  const { context, layout, palette, linePx } = ruler
  const { colours } = palette
  const baseline = baselineIn(ruler.font, layout.headerHeight - linePx)
  context.fillStyle = colours.header
  context.fillRect(0, 0, ruler.widthPx, layout.headerHeight)
  context.fillStyle = colours.rule
  context.fillRect(0, layout.headerHeight - linePx, ruler.widthPx, linePx)
  for (const x of ruleXs(layout)) context.fillRect(x, 0, linePx, layout.headerHeight)
  context.fillStyle = colours['header-text']
  context.fillText('Offset', layout.offsetX, baseline)
  context.fillText(hexRuler(layout.columns), layout.hexX, baseline)
  context.fillText(textRuler(layout.columns), layout.textX, baseline)
  if (ruler.currentColumn >= 0) paintCurrent(ruler, baseline)
}

/** Over the plain ruler: the caret's column again, on its own ground. */
function paintCurrent(ruler: Ruler, baseline: number): void {
  const { context, layout, palette, currentColumn, linePx } = ruler
  const hexLeft = cellX(layout, currentColumn, 'hex')
  const textLeft = cellX(layout, currentColumn, 'text')
  const height = layout.headerHeight - linePx
  context.fillStyle = palette.colours.header
  context.fillRect(hexLeft + linePx, 0, layout.charWidth * 3 - linePx, height)
  context.fillRect(textLeft, 0, layout.charWidth, height)
  context.fillStyle = palette.colours['header-current']
  context.fillText(columnLabel(currentColumn), layout.hexX + hexChar(currentColumn) * layout.charWidth, baseline)
  context.fillText(columnLabel(currentColumn).slice(-1), textLeft, baseline)
  context.fillRect(hexLeft, height - linePx, layout.charWidth * 3, linePx * 2)
  context.fillRect(textLeft, height - linePx, layout.charWidth, linePx * 2)
}

function columnLabel(column: number): string {
  return (column & 0xff).toString(16).toUpperCase().padStart(2, '0')
}

function hexRuler(columns: number): string {
  let line = ''
  for (let column = 0; column < columns; column++) line = line.padEnd(hexChar(column)) + columnLabel(column)
  return line
}

function textRuler(columns: number): string {
  return Array.from({ length: columns }, (_, column) => columnLabel(column).slice(-1)).join('')
}
