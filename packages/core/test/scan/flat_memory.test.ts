import { expect, test } from 'vitest'
import { childAnswer } from '../support/child.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()

interface Answer {
  readonly found: number
  /** The most at any moment, in MiB, beyond what there was before: of which `anonymous` is the process's own, the rest mapped pages of the file. */
  readonly grown: { readonly private: number; readonly anonymous: number; readonly pageTables: number }
}

if (process.platform === 'linux') {
  // As many GiB are read, of a file of islands; the page cache is given back behind, or it would fill the machine. All go through the same windows, so
  // one of them goes on for 20 GiB (12 s of processor time), and the others for what shows that they keep none of it: past 4 GiB.
  test.each([
    ['bytes', 20],
    ['needles', 6],
    ['regexp', 6],
    ['histogram', 6],
    ['strings', 6],
  ] as const)(
    'a scan (%s) of %i GiB adds less than 64 MiB at any moment, mapped pages included',
    async (scan, gib) => {
      const answer = (await childAnswer('flat_memory.mjs', [folder.fresh(scan), scan, String(gib)])) as Answer
      expect(answer.found).toBe(gib * 8_192)
      expect(answer.grown.private, JSON.stringify(answer)).toBeLessThan(64)
      expect(answer.grown.anonymous, JSON.stringify(answer)).toBeLessThan(64)
      expect(answer.grown.pageTables, JSON.stringify(answer)).toBeLessThan(8)
    },
    120_000,
  )
}
