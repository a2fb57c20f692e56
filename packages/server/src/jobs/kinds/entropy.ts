import { BYTE_CLASSES, entropy } from '@mapscope/core'
import { numbersCodec } from '../results/row_codec.ts'
import type { JobKind, RequestOf } from './kind.ts'

const DEFAULT_BLOCK_BYTE_LENGTH = 65_536
const CLASSES = BYTE_CLASSES.length

const BLOCK_ROWS = numbersCodec(
  3 + CLASSES,
  ({ offset, byteLength = 0, entropy: bits, classes = [] }) => [offset, byteLength, bits ?? Number.NaN, ...classes],
  ([offset = 0, byteLength = 0, bits = Number.NaN, ...classes]) => ({
    offset,
    byteLength,
    // JSON has no NaN: a block of which nothing could be read has null.
    entropy: Number.isNaN(bits) ? null : bits,
    classes,
  }),
)

export const entropyKind: JobKind<RequestOf<'entropy'>> = {
  rows: () => BLOCK_ROWS,
  cutting: ({ blockByteLength = DEFAULT_BLOCK_BYTE_LENGTH }) => ({ unit: blockByteLength }),
  run: async ({ request, source, shard, signal, add, onScanned, onUnreadable, breathe }) => {
    const { blockByteLength = DEFAULT_BLOCK_BYTE_LENGTH } = request
    const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
    for await (const batch of entropy(source, { blockByteLength, range: shard, signal, onProgress })) {
      onUnreadable(batch.unreadable)
      await breathe()
      const batchEnd = batch.offset + batch.byteLength
      for (let index = 0; index < batch.entropy.length; index++) {
        const offset = batch.offset + index * blockByteLength
        add({
          offset,
          byteLength: Math.min(blockByteLength, batchEnd - offset),
          entropy: batch.entropy[index] as number,
          classes: [...batch.classes.subarray(index * CLASSES, (index + 1) * CLASSES)],
        })
      }
    }
    return {}
  },
}
