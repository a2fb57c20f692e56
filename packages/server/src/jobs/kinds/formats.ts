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
  // What stands within a tar is not told as well, which takes knowing where that began.
  cutting: () => 'whole',
  run: async ({ source, range, signal, add, onScanned, onUnreadable }) => {
    const onProgress = ({ scanned }: { scanned: number }): void => onScanned(Math.min(scanned, range.end - range.start))
    const found = sweep(source, { range, signal, onProgress, onUnreadable: (lost) => onUnreadable([lost]) })
    for await (const one of found) add(rowOf(one))
    return {}
  },
}

function rowOf({ offset, byteLength, name, title, extension, mime }: Identified): JobRow {
  const row = { offset, name, title: title.slice(0, MAX_TITLE_LENGTH), extension, mime }
  return byteLength === undefined ? row : { ...row, byteLength }
}
