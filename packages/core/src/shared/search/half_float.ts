/** `DataView` has no half precision before Node 24. */
export function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The half nearest to a number, the even one of two; infinite from 65,520 on. */
export function nearestHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  const unit = 2 ** (Math.max(exponentOf(value), -14) - 10)
  const count = value / unit
  const floor = Math.floor(count)
  const rest = count - floor
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * unit
  return Math.abs(rounded) > 65_504 ? Math.sign(value) * Number.POSITIVE_INFINITY : rounded
}

/** From the bits: `Math.log2` rounds up just below a power of two. */
function exponentOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023
}
