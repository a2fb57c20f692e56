import type { ByteRange } from '@mapscope/core/shared'

export type Direction = 'forward' | 'backward' | 'none'

export interface WantedOptions {
  readonly visible: ByteRange
  readonly byteLength: number
  readonly chunkByteLength: number
  readonly direction: Direction
  /** How many moves in a row went this way: the longer the run, the further ahead is fetched. */
  readonly length: number
}

const MIN_AHEAD = 2
const MAX_AHEAD = 8

/** Chunk indices in order of need: those on screen, then those ahead, and at rest one on either side. */
export function wantedChunks(options: WantedOptions): number[] {
  const { visible, byteLength, chunkByteLength, direction } = options
  if (byteLength === 0 || visible.start >= visible.end) return []
  const last = Math.ceil(byteLength / chunkByteLength) - 1
  const from = Math.floor(visible.start / chunkByteLength)
  const to = Math.min(last, Math.floor((visible.end - 1) / chunkByteLength))
  const wanted: number[] = []
  for (let index = from; index <= to; index++) wanted.push(index)
  const ahead = Math.min(MAX_AHEAD, MIN_AHEAD + Math.floor(options.length / 4))
  const candidates =
    direction === 'none'
      ? [to + 1, from - 1]
      : Array.from({ length: ahead }, (_, i) => (direction === 'forward' ? to + 1 + i : from - 1 - i))
  return [...wanted, ...candidates.filter((index) => index >= 0 && index <= last)]
}
