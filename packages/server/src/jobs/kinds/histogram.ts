import { histogram } from '@mapscope/core'
import type { JobKind, RequestOf } from './kind.ts'

export const histogramKind: JobKind<RequestOf<'histogram'>> = {
  cutting: () => ({ unit: 1 }),
  run: async ({ source, shard, summary, signal, onScanned, onUnreadable }) => {
    const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
    const found = await histogram(source, { range: shard, signal, onProgress })
    onUnreadable(found.unreadable)
    const before = summary?.kind === 'histogram' ? summary.counts : []
    const counts = Array.from(found.counts, (count, value) => count + (before[value] ?? 0))
    const byteLength = counts.reduce((sum, count) => sum + count, 0)
    return { summary: { kind: 'histogram', counts, byteLength, entropy: bitsOf(counts, byteLength) } }
  },
}

/** Bits a byte; null for no bytes at all. */
function bitsOf(counts: readonly number[], byteLength: number): number | null {
  if (byteLength === 0) return null
  const sum = counts.reduce((total, count) => (count === 0 ? total : total + count * Math.log2(count)), 0)
  return Math.max(0, Math.log2(byteLength) - sum / byteLength)
}
