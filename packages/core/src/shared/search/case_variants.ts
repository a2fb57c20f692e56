/** Behind the last letter that has another case (Adlam's, in Unicode 16). */
const LETTERS_END = 0x1_e944

let variantsByKey: Map<number, number[]> | undefined

/**
 * The code points that a letter's cases have, itself included: those that come to the same when folded one character for one. ASCII letters have
 * one other case and no more, and no other letter has an ASCII one: whoever searches bytes for `k` does not mean the sign for Kelvin.
 */
export function caseVariants(point: number): readonly number[] {
  if (point < 0x80) return isAsciiLetter(point) ? [point, point ^ 0x20] : [point]
  variantsByKey ??= allVariants()
  return variantsByKey.get(foldKey(point)) ?? [point]
}

/** Takes some 20 ms, so it is made when it is first needed. */
function allVariants(): Map<number, number[]> {
  const variants = new Map<number, number[]>()
  for (let point = 0x80; point < LETTERS_END; point++) {
    const character = String.fromCodePoint(point)
    if (character.toUpperCase() === character && character.toLowerCase() === character) continue
    const key = foldKey(point)
    const same = variants.get(key)
    if (same === undefined) variants.set(key, [point])
    else same.push(point)
  }
  return variants
}

/** By way of the lower case, which brings `ϴ` to `Θ`, to the upper, which brings `ς` and `σ` together. */
function foldKey(point: number): number {
  const key = single(single(point, 'toLowerCase'), 'toUpperCase')
  return key < 0x80 ? point : key
}

/** The other case when it is one character and not ASCII, else the same point. */
function single(point: number, change: 'toLowerCase' | 'toUpperCase'): number {
  const changed = String.fromCodePoint(point)[change]()
  const first = changed.codePointAt(0) as number
  return changed.length === String.fromCodePoint(first).length && first >= 0x80 ? first : point
}

function isAsciiLetter(point: number): boolean {
  const lower = point | 0x20
  return lower >= 0x61 && lower <= 0x7a
}
