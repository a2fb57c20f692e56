import type { MaskedBytes } from '../shared/index.ts'

/** Comparing every shift is quadratic; longer needles are held to overlap themselves, which is slower and never wrong. */
const MAX_COMPARED_BYTE_LENGTH = 4096

/** Whether two hits of these bytes can overlap. True for some needles of which it is not known. */
export function canOverlapItself({ values, masks }: MaskedBytes): boolean {
  const length = values.length
  if (length > MAX_COMPARED_BYTE_LENGTH) return true
  for (let shift = 1; shift < length; shift++) {
    if (isCompatible(shift)) return true
  }
  return false

  function isCompatible(shift: number): boolean {
    for (let at = 0; at + shift < length; at++) {
      const counted = (masks?.[at] ?? 0xff) & (masks?.[at + shift] ?? 0xff)
      if ((((values[at] as number) ^ (values[at + shift] as number)) & counted) !== 0) return false
    }
    return true
  }
}
