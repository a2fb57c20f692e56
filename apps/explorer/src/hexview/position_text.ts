import { offsetDigitsOf, offsetLabel } from './rows.ts'

/** An offset as a place in the document, for eyes and screen readers: `0x1F40 of 0x2000, 97 %`. */
export function positionText(offset: number, byteLength: number): string {
  const share = byteLength === 0 ? 0 : Math.min(100, Math.floor((offset / byteLength) * 100))
  return `0x${offset.toString(16).toUpperCase()} of 0x${byteLength.toString(16).toUpperCase()}, ${share} %`
}

/** The same for the scrollbar's bubble: the offset at its full width, so that the bubble does not jitter, and tenths of a percent. */
export function bubbleText(offset: number, byteLength: number, gain: number): string {
  const share = byteLength === 0 ? 0 : (offset / byteLength) * 100
  const fine = gain < 1 ? ` · fine 1:${gainLabel(1 / gain)}` : ''
  return `${offsetLabel(offset, offsetDigitsOf(byteLength))} · ${share.toFixed(1)} %${fine}`
}

function gainLabel(divisor: number): string {
  if (divisor < 10) return divisor.toFixed(1)
  return divisor < 1e6 ? Math.round(divisor).toLocaleString('en') : divisor.toExponential(1)
}
