import type { BlockSeries } from '../shared/index.ts'
import { CLASS_COUNT, classesOf, entropyOf } from './byte_counts.ts'

/** A series with room for so many blocks, none of which has a byte that could be read. */
export function emptySeries(count: number): BlockSeries {
  return {
    entropy: new Float32Array(count).fill(Number.NaN),
    classes: new Uint32Array(count * CLASS_COUNT),
    least: new Uint8Array(count).fill(255),
    most: new Uint8Array(count),
  }
}

/** Blocks of zeros that cover so many bytes; the last may be shorter. */
export function zeroSeries(byteLength: number, blockByteLength: number): BlockSeries {
  const count = Math.ceil(byteLength / blockByteLength)
  const series = emptySeries(count)
  series.entropy.fill(0)
  series.least.fill(0)
  for (let index = 0; index < count; index++)
    series.classes[index * CLASS_COUNT] = Math.min(blockByteLength, byteLength - index * blockByteLength)
  return series
}

/** Sets one block of a series from its histogram. */
export function setBlock(series: BlockSeries, index: number, counts: Float64Array): void {
  series.entropy[index] = entropyOf(counts)
  series.classes.set(classesOf(counts), index * CLASS_COUNT)
  const least = counts.findIndex((count) => count > 0)
  if (least < 0) return
  series.least[index] = least
  let most = 255
  while (counts[most] === 0) most--
  series.most[index] = most
}
