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
  // 20 GiB that are read, in a file that takes 160 MiB; the page cache is given back behind, or it would fill the machine.
  test.each(['bytes', 'needles', 'regexp', 'histogram', 'strings'])(
    'a scan of 20 GiB (%s) adds less than 64 MiB at any moment, mapped pages included',
    async (scan) => {
      const answer = (await childAnswer('flat_memory.mjs', [folder.fresh(scan), scan])) as Answer
      expect(answer.found).toBe(163_840)
      expect(answer.grown.private, JSON.stringify(answer)).toBeLessThan(64)
      expect(answer.grown.anonymous, JSON.stringify(answer)).toBeLessThan(64)
      expect(answer.grown.pageTables, JSON.stringify(answer)).toBeLessThan(8)
    },
    120_000,
  )
}
