import { expect, test } from 'vitest'
import { clearRuns } from '../../src/source/clear_runs.ts'
import { Random, SEED } from '../support/random.ts'

test(`runs of clear bits are those of a list of bits (seed ${SEED})`, () => {
  const random = new Random(SEED)
  for (let round = 0; round < 500; round++) {
    const count = random.between(0, 69)
    const bitmap = Uint8Array.from({ length: Math.ceil(count / 8) }, () =>
      random.pick([0, 0xff, random.between(0, 255)]),
    )
    const bits = Array.from({ length: count }, (_, bit) => ((bitmap[Math.floor(bit / 8)] as number) >> (bit % 8)) & 1)
    const clear = clearRuns(bitmap, count).flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    )
    expect(clear).toEqual(bits.flatMap((bit, at) => (bit === 0 ? [at] : [])))
    const runs = clearRuns(bitmap, count)
    expect(runs.every(({ start }, i) => i === 0 || start > (runs[i - 1]?.end ?? 0))).toBe(true)
  }
})
