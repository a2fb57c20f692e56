import { type Identified, identify, sweep } from '@mapscope/core'
import type { JobRow } from '@mapscope/protocol'
import { jsonCodec } from '../results/row_codec.ts'
import type { JobKind, RequestOf } from './kind.ts'

/** Titles are built from what the format says of itself; a longer one is cut. */
const ROW_BYTE_LENGTH = 1_024
const MAX_TITLE_LENGTH = 160

export const identifyKind: JobKind<RequestOf<'identify'>> = {
  rows: () => jsonCodec(ROW_BYTE_LENGTH),
  cutting: () => 'whole',
  run: async ({ source, range, signal, add }) => {
    for (const found of await identify(source, { offset: range.start, signal })) add(rowOf(found))
    return {}
  },
}

export const sweepKind: JobKind<RequestOf<'sweep'>> = {
  rows: () => jsonCodec(ROW_BYTE_LENGTH),
  cutting: () => ({ unit: 1 }),
  // What stands within a tar is not told as well: the carry has where finds end that reach into the shards behind, by their format.
  run: async ({ source, shard, carry, signal, add, onScanned, onUnreadable }) => {
    const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
    const options = { range: shard, endOf: carry, signal, onProgress }
    const endOf = new Map(Object.entries(carry))
    for await (const one of sweep(source, { ...options, onUnreadable: (lost) => onUnreadable([lost]) })) {
      add(rowOf(one))
      endOf.set(one.name, one.offset + (one.byteLength ?? 0))
    }
    return { carry: Object.fromEntries([...endOf].filter(([, end]) => end > shard.end)) }
  },
}

function rowOf({ offset, byteLength, name, title, extension, mime }: Identified): JobRow {
  const row = { offset, name, title: title.slice(0, MAX_TITLE_LENGTH), extension, mime }
  return byteLength === undefined ? row : { ...row, byteLength }
}
