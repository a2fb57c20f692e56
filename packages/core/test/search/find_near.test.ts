import { afterAll, describe, expect, test } from 'vitest'
import { compileQuery, findNext, findPrevious, type Hit, hitAt, openFile, type SearchQuery } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

/** Place by place, as `exec` from each of them says: the stupid way, of what a person asks for with “next”. */
function naiveNext(text: string, source: string, from: number): Hit | undefined {
  const expression = new RegExp(source, 'g')
  for (expression.lastIndex = from; expression.lastIndex <= text.length; ) {
    const match = expression.exec(text)
    if (match === null) return undefined
    if (match[0].length > 0) return { offset: match.index, byteLength: match[0].length }
    expression.lastIndex = match.index + 1
  }
  return undefined
}

const EXPRESSIONS = [
  '\\bab',
  '^a',
  '(?<=b)a',
  'a$',
  'a(?=b)',
  '\\Bb',
  'a{2,4}',
  '(?<!a)b{1,3}',
  'ab|ba',
  'c',
  '[ab]+c',
  'abc',
]

describe(`next and round the end, seed ${SEED}`, () => {
  for (const hasMatchIn of [true, false]) {
    test(`expressions see what lies before the place, ${hasMatchIn ? 'matched in the source' : 'read'}`, async () => {
      const random = new Random(SEED)
      let wrapped = 0
      for (let round = 0; round < 150; round++) {
        const text = Array.from({ length: random.between(1, 60) }, () => random.pick([...'aabbc '])).join('')
        const source = new MemorySource(Buffer.from(text, 'latin1'), { hasMatchIn })
        const pattern = random.pick(EXPRESSIONS)
        const query: SearchQuery = { kind: 'regexp', text: pattern }
        const from = random.between(0, text.length)
        const above = naiveNext(text, pattern, from)
        const first = naiveNext(text, pattern, 0)
        const below = first !== undefined && first.offset < from ? first : undefined
        const told = JSON.stringify({ round, text, pattern, from })
        expect(await findNext(source, query, { from, isWrapping: true }), told).toEqual({
          hit: above ?? below,
          isWrapped: above === undefined && below !== undefined,
          unreadable: [],
        })
        expect((await findNext(source, query, { from })).hit, told).toEqual(above)
        if (above === undefined && below !== undefined) wrapped++
        const all = [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => match.index)
        const back = await findPrevious(source, query, { from, isWrapping: true })
        const expected = all.findLast((offset) => offset < from) ?? all.at(-1)
        expect(back.hit?.offset, told).toBe(expected)
        expect(back.isWrapped, told).toBe(expected !== undefined && expected >= from)
        const here = naiveNext(text, pattern, from)
        expect((await hitAt(source, query, from)).hit, told).toEqual(here?.offset === from ? here : undefined)
      }
      expect(wrapped).toBeGreaterThan(5)
    })
  }

  test('hits that overlap the place, and each place once', async () => {
    const random = new Random(SEED)
    for (let round = 0; round < 200; round++) {
      const text = Array.from({ length: random.between(1, 40) }, () => random.pick(['a', 'b'])).join('')
      const source = new MemorySource(Buffer.from(text, 'latin1'), { hasMatchIn: random.chance(0.5) })
      const query: SearchQuery = { kind: 'hex', text: random.pick(['61 61', '61 62 61', '?? 62', '62']) }
      const { pattern } = compiled(query)
      const places = [...text].flatMap((_, at) => (isMatch(text, at, pattern) ? [at] : []))
      const from = random.between(0, text.length)
      const seen: number[] = []
      const onProgress = ({ scanned, total }: { scanned: number; total: number }): void => {
        seen.push(scanned)
        expect(total).toBe(text.length)
      }
      const next = await findNext(source, query, { from, isWrapping: true, onProgress })
      const told = JSON.stringify({ round, text, query, from })
      expect(next.hit?.offset, told).toBe(places.find((at) => at >= from) ?? places[0])
      if (places.length === 0) expect(seen.at(-1), told).toBe(text.length)
      expect(seen, told).toEqual(seen.toSorted((a, b) => a - b))
      const previous = await findPrevious(source, query, { from, isWrapping: true })
      expect(previous.hit?.offset, told).toBe(places.findLast((at) => at < from) ?? places.at(-1))
    }
  })
})

function compiled(query: SearchQuery): { pattern: { values: Uint8Array; masks?: Uint8Array | undefined } } {
  const result = compileQuery(query)
  if ('problem' in result || result.query.kind !== 'bytes') throw new Error('no bytes')
  return result.query
}

function isMatch(text: string, at: number, { values, masks }: { values: Uint8Array; masks?: Uint8Array | undefined }) {
  return values.every((value, index) => ((text.charCodeAt(at + index) ^ value) & (masks?.[index] ?? 0xff)) === 0)
}

test('past 4 GiB, every kind, forward, backward and round the end', { timeout: 60_000 }, async () => {
  const place = 5 * GIB + 3
  const number = Buffer.alloc(4)
  number.writeUInt32LE(4_000_000_123)
  const bytes = latin1(Buffer.concat([Buffer.from('Xyzzy-17\0'), number]))
  const source = openFile(folder.sparse(6 * GIB, [{ offset: place, text: bytes }]))
  closing.push(() => source.close())
  const cases: [SearchQuery, Hit][] = [
    [
      { kind: 'hex', text: '58 ?? 7A [1-4] 2D' },
      { offset: place, byteLength: 6 },
    ],
    [
      { kind: 'text', text: 'xYZZY', isCaseInsensitive: true },
      { offset: place, byteLength: 5 },
    ],
    [
      { kind: 'number', text: '4000000100..4000000200', type: 'u32' },
      { offset: place + 9, byteLength: 4 },
    ],
    [
      { kind: 'regexp', text: '(?<=\\0)[A-Z][a-z]+-\\d+(?=\\0)' },
      { offset: place, byteLength: 8 },
    ],
    [
      { kind: 'needles', text: '00 00 00 01 02\n7A 7A' },
      { offset: place + 2, byteLength: 2, which: 1 },
    ],
  ]
  for (const [query, hit] of cases) {
    const told = JSON.stringify(query)
    expect(await findNext(source, query, { from: 4 * GIB }), told).toEqual({ hit, isWrapped: false, unreadable: [] })
    expect(await findNext(source, query, { from: hit.offset + 1, isWrapping: true }), told).toMatchObject({
      hit,
      isWrapped: true,
    })
    expect((await findPrevious(source, query)).hit, told).toEqual(hit)
    expect((await findPrevious(source, query, { from: 1, isWrapping: true })).hit, told).toEqual(hit)
    expect((await hitAt(source, query, hit.offset)).hit, told).toEqual(hit)
    expect((await hitAt(source, query, hit.offset - 1)).hit, told).toBeUndefined()
  }
})
