import type { Needle } from './needles.ts'
import type { Starts } from './scan_starts.ts'

/** Where needles were found in a text: the needle's number and its place, one after the other, in the order of places. */
export interface NeedlePlaces {
  readonly places: ArrayLike<number>
  /** Absent: all are of the first needle. */
  readonly which?: ArrayLike<number> | undefined
}

/** The stretches in which a match may begin that holds one of the needles where it was found, in order and apart. */
export function stretchesOf(
  text: string,
  needles: readonly Needle[],
  { places, which }: NeedlePlaces,
): readonly Starts[] {
  const walks = needles.map((needle) => new BackwardWalk(text, needle))
  const stretches: Starts[] = []
  for (let index = 0; index < places.length; index++) {
    const stretch = walks[which?.[index] ?? 0]?.startsBefore(places[index] as number)
    if (stretch !== undefined) stretches.push(stretch)
  }
  const isInOrder = needles.length === 1 && needles[0]?.minBefore === needles[0]?.maxBefore
  return isInOrder ? stretches : joined(stretches)
}

function joined(stretches: Starts[]): Starts[] {
  stretches.sort((a, b) => a.first - b.first)
  const apart: Starts[] = []
  for (const stretch of stretches) {
    const last = apart.at(-1)
    if (last === undefined || stretch.first > last.last + 1) apart.push(stretch)
    else if (stretch.last > last.last) apart[apart.length - 1] = { first: last.first, last: stretch.last }
  }
  return apart
}

/** From a needle back over bytes that can come before it in a match. */
class BackwardWalk {
  readonly #text: string
  readonly #needle: Needle
  /** The stretch of such bytes that was walked last: it is not walked again for each needle in it. */
  #runStart = 0
  #runEnd = 0

  constructor(text: string, needle: Needle) {
    this.#text = text
    this.#needle = needle
  }

  startsBefore(place: number): Starts | undefined {
    const { minBefore, maxBefore } = this.#needle
    const last = place - minBefore
    if (last < 0) return undefined
    if (minBefore === maxBefore) return { first: last, last }
    const first = Math.max(this.#runStartBefore(place), place - maxBefore, 0)
    return first <= last ? { first, last } : undefined
  }

  #runStartBefore(place: number): number {
    const { before, maxBefore } = this.#needle
    const floor = Math.max(0, place - maxBefore)
    let at = place
    while (at > floor && before[this.#text.charCodeAt(at - 1)] === 1) {
      at--
      if (at < this.#runEnd && at >= this.#runStart) {
        at = this.#runStart
        break
      }
    }
    this.#runStart = at
    this.#runEnd = place
    return at
  }
}
