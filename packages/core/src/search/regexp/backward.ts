import type { ByteRange } from '../../shared/index.ts'
import { forwardHits, type Place } from './forward.ts'
import type { RegexpBatch } from './hits.ts'
import type { SearchSubject } from './subject.ts'

/** Hits kept of a piece; of one with more, only the places are kept from where they can be found again. */
const MAX_KEPT = 1_000_000

/**
 * The same matches as `forwardHits` of the same starts, last first. Which matches there are depends on where the first one begins, but not behind a
 * stretch in which none begins and that is as long as the longest match: whatever came before has ended in it. So a piece before the end is run
 * forwards; what lies behind such a stretch in it is certain, and the rest is for the next piece. A piece without one is run again from farther in front,
 * at last from where the first match may begin.
 */
export async function* backwardHits(
  subject: SearchSubject,
  starts: ByteRange,
  place: Place,
): AsyncGenerator<RegexpBatch> {
  const { limits } = subject
  let { end } = starts
  let byteLength = limits.backwardByteLength
  while (end > starts.start) {
    const start = Math.max(starts.start, end - Math.max(byteLength, 4 * subject.longest))
    const piece = await certainHits(subject, { start, end }, start === starts.start)
    // Without hits the pieces grow and grow: a hole of any length takes a few. With them, the first should not wait for a long piece.
    const hasHits = piece !== undefined && piece.parts.length > 0
    byteLength = hasHits ? Math.min(limits.windowByteLength * 2, byteLength * 4) : (end - start) * 4
    if (piece === undefined) continue
    for (const part of piece.parts.reverse()) {
      yield* reversedHits(subject, part)
      place.at = part.start
    }
    end = piece.start
    place.at = end
  }
}

/** Hits that begin in a range whose start the chain of matches is known to come to; they are found again when they are not kept. */
interface Part extends ByteRange {
  hits: RegexpBatch[] | undefined
}

/** The hits of a piece from the first place on that they are certain from; undefined when there is no such place. */
async function certainHits(
  subject: SearchSubject,
  piece: ByteRange,
  isFirst: boolean,
): Promise<{ readonly start: number; readonly parts: Part[] } | undefined> {
  const { longest } = subject
  const collected = new Parts()
  let isCertain = isFirst
  let start = piece.start
  let freeSince = piece.start
  if (isCertain) collected.begin(start)
  for await (const batch of forwardHits(subject, piece, { at: piece.start })) {
    let first = 0
    for (let index = 0; index < batch.length && !isCertain; index++) {
      const offset = batch.offsets[index] as number
      if (offset - freeSince >= longest) {
        isCertain = true
        start = offset
        first = index
        collected.begin(start)
      } else freeSince = batch.endOf(index)
    }
    if (isCertain) collected.add(batch.slice(first))
  }
  if (isCertain) return { start, parts: collected.end(piece.end) }
  return piece.end - freeSince > longest ? { start: freeSince + longest, parts: [] } : undefined
}

/** The hits of a piece, in parts; the last of them are kept. */
class Parts {
  readonly #parts: { start: number; hits: RegexpBatch[] | undefined }[] = []
  #kept = 0

  begin(start: number): void {
    this.#parts.push({ start, hits: [] })
  }

  add(batch: RegexpBatch): void {
    if (batch.length === 0) return
    const last = this.#parts.at(-1)
    last?.hits?.push(batch)
    this.#kept += batch.length
    const end = batch.endOf(batch.length - 1)
    // The part ends where the last match does, so that the next one's chain begins there.
    if (sum(last?.hits) >= MAX_KEPT / 4) this.begin(end)
    while (this.#kept > MAX_KEPT) this.#dropFirst()
  }

  end(end: number): Part[] {
    return this.#parts.map(({ start, hits }, index) => ({ start, hits, end: this.#parts[index + 1]?.start ?? end }))
  }

  #dropFirst(): void {
    const first = this.#parts.find(({ hits }) => hits !== undefined)
    if (first === undefined) return
    this.#kept -= sum(first.hits)
    first.hits = undefined
  }
}

function sum(batches: readonly RegexpBatch[] | undefined): number {
  return (batches ?? []).reduce((count, { length }) => count + length, 0)
}

async function* reversedHits(subject: SearchSubject, { start, end, hits }: Part): AsyncGenerator<RegexpBatch> {
  const found = hits ?? []
  if (hits === undefined)
    for await (const batch of forwardHits(subject, { start, end }, { at: start })) found.push(batch)
  for (const batch of found.reverse()) yield batch.toReversed()
}
