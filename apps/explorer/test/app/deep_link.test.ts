import { describe, expect, it } from 'vitest'
import { formatLink, parseLink } from '../../src/app/deep_link.ts'
import { seeded, seeds } from '../support/random.ts'

describe('deep link', () => {
  it('reads what it can', () => {
    expect(parseLink('')).toEqual({ path: undefined, offset: undefined })
    expect(parseLink('#path=a%2Fb.bin&offset=0x1F')).toEqual({ path: 'a/b.bin', offset: 31 })
    expect(parseLink('#offset=4096')).toEqual({ path: undefined, offset: 4096 })
    expect(parseLink('#path=a&offset=-1')).toEqual({ path: 'a', offset: undefined })
    expect(parseLink('#path=a&offset=0xFFFFFFFFFFFFFFFF')).toEqual({ path: 'a', offset: undefined })
    expect(parseLink('#path=%E0%A4%A')).toEqual({ path: '%E0%A4%A', offset: undefined })
  })

  for (const seed of seeds(20)) {
    it(`goes there and back (seed ${seed})`, () => {
      const random = seeded(seed)
      const letters = ['a', '/', '&', '=', '#', '%', ' ', '+', 'é', '本', '🙂', '"', '\\', '\n']
      for (let i = 0; i < 50; i++) {
        const path = Array.from({ length: 1 + random.below(12) }, () => random.pick(letters)).join('')
        const offset = random.below(2 ** 30) * 2 ** random.below(23)
        expect(parseLink(formatLink({ path, offset }))).toEqual({ path, offset })
        expect(parseLink(new URL(`http://x/${formatLink({ path, offset })}`).hash)).toEqual({ path, offset })
      }
    })
  }

  it('carries the last byte of 8 PiB', () => {
    const link = { path: 'x', offset: Number.MAX_SAFE_INTEGER }
    expect(parseLink(formatLink(link))).toEqual(link)
  })
})
