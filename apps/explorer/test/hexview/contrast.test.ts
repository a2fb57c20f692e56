import { describe, expect, it } from 'vitest'
import { BYTE_CLASSES } from '../../src/hexview/byte_class.ts'
import { paletteOf } from '../../src/hexview/palette.ts'
import { blend, contrast, tokensOf } from './tokens.ts'

const TEXT = 4.5
/** Large or inactive text, and parts of controls. */
const DIM = 3

/** Grounds that bytes stand on; the crosshair and a flash are washed over the plain one. */
const GROUNDS = ['surface', 'group', 'selection', 'selection-idle', 'hit-current', 'edited-tint'] as const

const PAIRS: readonly (readonly [text: string, ground: string, least: number])[] = [
  ['hex-offset', 'hex-surface', TEXT],
  ['hex-offset-current', 'hex-surface', TEXT],
  ['hex-offset-lead', 'hex-surface', DIM],
  ['hex-header-text', 'hex-header', TEXT],
  ['hex-header-current', 'hex-header', TEXT],
  ['hex-caret-text', 'hex-caret', TEXT],
  ['hex-caret-soft-text', 'hex-caret-soft', TEXT],
  ['hex-caret-ghost', 'hex-surface', DIM],
  ['hex-hit', 'hex-surface', DIM],
  ['hex-edited', 'hex-surface', DIM],
  ['hex-changed-line', 'hex-surface', DIM],
  ['scroll-thumb', 'scroll-track', DIM],
  ['text', 'surface', TEXT],
  ['text-muted', 'surface', TEXT],
  ['text-muted', 'surface-app', TEXT],
  ['text-faint', 'surface', TEXT],
  ['text-faint', 'surface-raised', TEXT],
  ['text-on-accent', 'accent', TEXT],
  ['accent', 'surface', TEXT],
  ['danger', 'danger-soft', TEXT],
  ['warning', 'warning-soft', TEXT],
  ['success', 'success-soft', TEXT],
  ['focus-ring', 'hex-surface', DIM],
  ['border-strong', 'surface', DIM],
]

describe('contrast', () => {
  it('is computed as WCAG computes it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
    expect(blend('#ff000080', '#000000')).toBe('#800000')
  })

  describe.each(['light', 'dark'] as const)('%s', (theme) => {
    const tokens = tokensOf(theme)
    const token = (name: string): string => tokens.get(`--${name}`) ?? expect.fail(`--${name} is missing`)

    it.each(GROUNDS)('bytes can be read on %s', (ground) => {
      for (const byteClass of [...BYTE_CLASSES, 'unreadable']) {
        const ratio = contrast(token(`hex-${byteClass}`), token(`hex-${ground}`))
        expect(ratio, `${byteClass} on ${ground}`).toBeGreaterThanOrEqual(byteClass === 'nul' ? DIM : TEXT)
      }
    })

    it('bytes can be read under the crosshair', () => {
      for (const byteClass of [...BYTE_CLASSES, 'unreadable']) {
        // Where row and column cross, the wash is painted twice.
        const once = blend(token('hex-crosshair'), token('hex-group'))
        const ratio = contrast(token(`hex-${byteClass}`), blend(token('hex-crosshair'), once))
        expect(ratio, byteClass).toBeGreaterThanOrEqual(byteClass === 'nul' ? DIM : TEXT)
      }
    })

    it.each(PAIRS)('%s on %s', (text, ground, least) => {
      expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(least)
    })

    it('tells every byte class from every other', () => {
      const colours = BYTE_CLASSES.map((byteClass) => token(`hex-${byteClass}`))
      expect(new Set(colours).size).toBe(BYTE_CLASSES.length)
    })

    it('defines every colour the canvas asks for', () => {
      const palette = paletteOf((name) => tokens.get(name) ?? '')
      expect(palette.text).toHaveLength(BYTE_CLASSES.length + 1)
    })
  })

  it('is refused by name when the tokens are not there', () => {
    expect(() => paletteOf(() => '')).toThrow('--hex-surface')
  })
})
