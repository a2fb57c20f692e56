import { describe, expect, test } from 'vitest'
import { count, findNext, findPrevious, type Hit, type HitBatch, search, searchOutwards } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'

/** Letters whose cases differ in more than a bit, so that each doubles the spellings: beyond 1,024 of them a text is looked for by an expression. */
const LETTERS = ['р', 'с', 'т']

async function hitsOf(batches: AsyncIterable<HitBatch>): Promise<Hit[]> {
  const hits: Hit[] = []
  for await (const batch of batches) hits.push(...batch)
  return hits
}

function byteLengthOf(text: string): number {
  return Buffer.byteLength(text)
}

/** Every place, one after the other. */
function naive(content: string, text: string, isOverlapping: boolean): Hit[] {
  const hits: Hit[] = []
  const [folded, wanted] = [content, text].map((each) => each.replaceAll('\u1c83', 'с').toLowerCase()) as [
    string,
    string,
  ]
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + (isOverlapping ? 1 : text.length)))
    hits.push({
      offset: byteLengthOf(content.slice(0, at)),
      byteLength: byteLengthOf(content.slice(at, at + text.length)),
    })
  return hits
}

describe(`texts with thousands of spellings are texts as others, seed ${SEED}`, () => {
  const random = new Random(SEED)
  const cases = Array.from({ length: 12 }, () => {
    const unit = Array.from({ length: random.between(1, 3) }, () => random.pick(LETTERS)).join('')
    const text = unit.repeat(14).slice(0, random.between(11, 14))
    const parts = Array.from({ length: 6 }, () => unit.repeat(random.between(0, 20)) + random.pick(['', 'я', 'ж']))
    const written = (letter: string): string => {
      // Wide Es, of three bytes, is a case of it as well.
      if (letter === 'с' && random.chance(0.2)) return '\u1c83'
      return random.chance(0.5) ? letter.toUpperCase() : letter
    }
    const content = [...parts.join('')].map(written).join('')
    return { text, content }
  })

  test.each(cases)('$text', async ({ text, content }) => {
    const source = new MemorySource(new TextEncoder().encode(content))
    const query = { kind: 'text', text, isCaseInsensitive: true } as const
    for (const isOverlapping of [false, true]) {
      const expected = naive(content, text, isOverlapping)
      expect(await hitsOf(search(source, query, { isOverlapping }))).toEqual(expected)
      expect(await hitsOf(search(source, query, { isOverlapping, direction: 'backward' }))).toEqual(
        expected.toReversed(),
      )
      expect(await count(source, query, { isOverlapping })).toBe(expected.length)
      const from = random.between(0, source.byteLength)
      const outwards = await hitsOf(searchOutwards(source, query, { from, isOverlapping }))
      const byDistance = (a: Hit, b: Hit): number =>
        Math.abs(a.offset - from) - Math.abs(b.offset - from) || b.offset - a.offset
      expect(outwards, `from ${from}`).toEqual(expected.toSorted(byDistance))
    }
    const all = naive(content, text, true)
    for (let turn = 0; turn < 4; turn++) {
      const from = random.between(0, source.byteLength)
      expect((await findNext(source, query, { from })).hit).toEqual(all.find(({ offset }) => offset >= from))
      expect((await findPrevious(source, query, { from })).hit).toEqual(all.findLast(({ offset }) => offset < from))
    }
  })
})
