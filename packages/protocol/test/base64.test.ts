import { expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from '../src/index.ts'

/** The oracle is Node's own, over every length up to 64 and over seeded longer ones. */
test('agrees with Buffer, both ways', () => {
  const seed = 20261122
  let state = seed
  const nextByte = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  }
  const lengths = [...Array.from({ length: 65 }, (_, n) => n), 1000, 4097]
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, nextByte)
    const text = Buffer.from(bytes).toString('base64')
    expect(encodeBase64(bytes), `seed ${seed} length ${length}`).toBe(text)
    expect(decodeBase64(text), `seed ${seed} length ${length}`).toEqual(bytes)
  }
})

test.each(['A', 'AB', 'ABC', 'A===', 'AB=C', 'AB*D', 'ABC-', 'AB C', 'QUJD\n', '====', 'QQ==QQ=='])(
  'refuses %j',
  (text) => {
    expect(() => decodeBase64(text)).toThrow(RangeError)
  },
)
