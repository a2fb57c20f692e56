/** A monospace face sized so that its advance is a whole number of device pixels: every digit then falls on the same raster. */
export interface GridFont {
  /** For `context.font`, in device pixels. */
  readonly css: string
  /** For `context.letterSpacing`: what the face's hinting left over. */
  readonly letterSpacing: string
  readonly charWidth: number
  /** Height of a digit, by which rows are centred: digits have no descender, and that is what a hex row is made of. */
  readonly digitHeight: number
}

const SAMPLE = '0123456789ABCDEF'.repeat(8)

/**
 * Fits `family` near `sizePx` (CSS pixels) at a device pixel ratio. An advance of 7.83 px makes every glyph of a row start at
 * another fraction of a pixel, some sharp and some soft; 8 px at 13.3 px size makes them all alike, and lets cells be rectangles.
 */
export function fitFont(
  context: CanvasRenderingContext2D,
  options: { family: string; sizePx: number; devicePixelRatio: number },
): GridFont {
  const size = options.sizePx * options.devicePixelRatio
  context.save()
  context.letterSpacing = '0px'
  const advance = (px: number): number => {
    context.font = `${px}px ${options.family}`
    return context.measureText(SAMPLE).width / SAMPLE.length
  }
  const charWidth = Math.max(4, Math.round(advance(size)))
  const fitted = (size * charWidth) / advance(size)
  const rest = charWidth - advance(fitted)
  const digits = context.measureText('08')
  context.restore()
  return {
    css: `${fitted}px ${options.family}`,
    letterSpacing: Math.abs(rest) < 1e-3 ? '0px' : `${rest}px`,
    charWidth,
    digitHeight: digits.actualBoundingBoxAscent,
  }
}
