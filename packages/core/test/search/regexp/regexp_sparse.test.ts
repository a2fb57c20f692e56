import { afterAll, expect, test } from 'vitest'
import { type MappedSource, openFile, type RegexpSearchOptions, searchRegexp } from '../../../src/index.ts'
import { GIB, TempFolder, TIB } from '../../support/temp.ts'

const folder = new TempFolder()
const MARKS = [
  { offset: 5, text: 'mark-1\n' },
  { offset: 5 * GIB - 3, text: 'mark-22\n' },
  { offset: 2 * TIB + 1, text: 'mark-333\n' },
]
const source: MappedSource = openFile(folder.sparse(3 * TIB, MARKS))
afterAll(() => source.close())

async function offsets(pattern: string, options: RegexpSearchOptions = {}): Promise<[number, number][]> {
  const hits: [number, number][] = []
  for await (const batch of searchRegexp(source, { pattern }, options))
    for (const { offset, byteLength } of batch.hits) hits.push([offset, byteLength])
  return hits
}

const PLACES = MARKS.map(({ offset, text }): [number, number] => [offset, text.length - 1])

test.each(['mark-\\d+', '[a-z]+-\\d+', 'm[^\\0]*\\d', '(?<=\\0)mark-\\d+(?=\\n)', '[\\x20-\\x7e]{4,}'])(
  '%s over 3 TiB of holes, both ways',
  async (pattern) => {
    expect(await offsets(pattern)).toEqual(PLACES)
    expect(await offsets(pattern, { direction: 'backward' })).toEqual(PLACES.toReversed())
  },
)

test('what is between marks past 4 GiB is zeros', async () => {
  const range = { start: 5 * GIB, end: 5 * GIB + 1000 }
  expect(await offsets('\\0{100}', { range })).toEqual(
    Array.from({ length: 9 }, (_, index) => [5 * GIB + 5 + 100 * index, 100]),
  )
  const end = 5 * GIB + 1024 ** 2
  const last = await offsets('\\0{7}', { direction: 'backward', limit: 2, range: { start: 5 * GIB - 4096, end } })
  // The zeros begin behind the mark before, and the chain goes on from there in steps of 7.
  const count = Math.floor((end - (5 * GIB + 5)) / 7)
  expect(last).toEqual([count - 1, count - 2].map((index) => [5 * GIB + 5 + 7 * index, 7]))
}, 60_000)
