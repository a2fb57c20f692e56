import { HitBatch, type MaskedBytes } from '../shared/index.ts'
import { isMatchAt } from '../shared/search/match_bytes.ts'
import type { SearchTask } from './task.ts'

/** How each character of a text may be written. */
export type TextCharacters = readonly (readonly MaskedBytes[])[]

/** Places where a text begins as hits of their lengths, which the bytes there tell where a character's cases differ in length (`ⱥ` and `Ⱥ`). */
export async function withTextLengths(
  { offsets }: HitBatch,
  characters: TextCharacters,
  { source, range, signal }: SearchTask,
): Promise<HitBatch> {
  const [least, most] = lengthsOf(characters)
  if (least === most) return new HitBatch({ offsets, byteLengths: most })
  const byteLengths = new Uint32Array(offsets.length)
  for (const [index, offset] of offsets.entries()) {
    const { bytes } = await source.read(offset, Math.min(most, range.end - offset), { signal })
    byteLengths[index] = textLength(bytes, characters)
  }
  return new HitBatch({ offsets, byteLengths })
}

function lengthsOf(characters: TextCharacters): readonly [number, number] {
  let [least, most] = [0, 0]
  for (const spellings of characters) {
    const lengths = spellings.map(({ values }) => values.length)
    least += Math.min(...lengths)
    most += Math.max(...lengths)
  }
  return [least, most]
}

function textLength(bytes: Uint8Array, characters: TextCharacters): number {
  let at = 0
  for (const spellings of characters)
    at += spellings.find((spelling) => isMatchAt(bytes, at, spelling))?.values.length ?? 0
  return at
}
