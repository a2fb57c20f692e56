import { describe, expect, it } from 'vitest'
import { autoscrollSpeed, beyond } from '../../src/hexview/autoscroll.ts'
import { decorateRow, decorKey, type FrameDecor } from '../../src/hexview/decor.ts'
import { FLASH_MS, Flashes } from '../../src/hexview/flashes.ts'
import type { Mark } from '../../src/hexview/grid_bytes.ts'
import { spansOf } from '../../src/hexview/layers.ts'
import type { SelectionState } from '../../src/state/selection.ts'
import { forSeeds, TIB_15 } from './random.ts'

const CARET: SelectionState = { anchor: 0, focus: 0, pane: 'hex', nibble: 'high' }

function frameOf(parts: Partial<FrameDecor>): FrameDecor {
  return {
    columns: 16,
    byteLength: TIB_15,
    selection: CARET,
    isFocused: true,
    isEditable: true,
    marks: [],
    strengthOf: () => 1,
    ...parts,
  }
}

describe('the decoration of a row', () => {
  it('paints exactly the selected cells, wherever the selection lies', () => {
    forSeeds(1500, (random) => {
      const base = random.pick([0, 2 ** 32 - 64, TIB_15 - 512])
      const anchor = base + random.integer(0, 200)
      const focus = base + random.integer(0, 200)
      const row = Math.floor(base / 16) + random.integer(0, 14)
      const { selection } = decorateRow(frameOf({ selection: { ...CARET, anchor, focus } }), row)
      for (let column = 0; column < 16; column++) {
        const offset = row * 16 + column
        const isSelected = anchor !== focus && offset >= Math.min(anchor, focus) && offset <= Math.max(anchor, focus)
        expect(selection !== undefined && column >= selection.from && column < selection.to).toBe(isSelected)
      }
    })
  })

  it('draws one outline around a range of several rows', () => {
    const mark: Mark = { kind: 'hit', start: 12, end: 36 }
    const spans = [0, 1, 2].map((row) => decorateRow(frameOf({ marks: [mark] }), row).marks[0])
    expect(spans.map((span) => span && [span.from, span.to, span.topTo, span.bottomFrom])).toEqual([
      [12, 16, 16, 16],
      [0, 16, 12, 4],
      [0, 4, 0, 0],
    ])
  })

  it('knows the current hit by the selection, or by the caret that stands in it', () => {
    const marks: Mark[] = [{ kind: 'hit', start: 2, end: 6 }]
    const current = (anchor: number, focus: number): boolean | undefined =>
      decorateRow(frameOf({ marks, selection: { ...CARET, anchor, focus } }), 0).marks[0]?.isCurrent
    expect([current(2, 5), current(5, 2), current(3, 3), current(2, 6), current(9, 9)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it('puts the caret on one row only, after the last byte too', () => {
    const frame = frameOf({ byteLength: 32, selection: { ...CARET, anchor: 32, focus: 32 } })
    expect(decorateRow(frame, 0).caret).toBeUndefined()
    expect(decorateRow(frame, 1).caret).toMatchObject({ column: 16, nibble: 'high' })
    expect(decorateRow(frame, 1).crosshairColumn).toBe(-1)
    expect(decorateRow(frame, 2)).toMatchObject({ cells: 0, caret: undefined })
  })

  it('emphasises a nibble only where one can be typed', () => {
    expect(decorateRow(frameOf({ isEditable: false }), 0).caret?.nibble).toBeUndefined()
    expect(decorateRow(frameOf({ selection: { ...CARET, pane: 'text' } }), 0).caret?.nibble).toBeUndefined()
    expect(decorateRow(frameOf({ selection: { ...CARET, nibble: 'low' } }), 0).caret?.nibble).toBe('low')
  })

  it('has another key whenever it would look different', () => {
    const marks: Mark[] = [{ kind: 'edited', start: 1, end: 3 }]
    const variants: Partial<FrameDecor>[] = [
      {},
      { isFocused: false },
      { isEditable: false },
      { byteLength: 9 },
      { selection: { ...CARET, pane: 'text' } },
      { selection: { ...CARET, nibble: 'low' } },
      { selection: { ...CARET, anchor: 3 } },
      { selection: { ...CARET, anchor: 3 }, isFocused: false },
      { selection: { ...CARET, anchor: 40 } },
      { selection: { ...CARET, anchor: 17, focus: 17 } },
      { selection: { ...CARET, anchor: 1, focus: 1 } },
      { marks },
      { marks: [{ kind: 'hit', start: 1, end: 3 }] },
      { marks: [{ kind: 'hit', start: 0, end: 3 }] },
      { marks: [{ kind: 'changed', start: 1, end: 3 }] },
      { marks: [{ kind: 'changed', start: 1, end: 3 }], strengthOf: () => 0.5 },
    ]
    const keys = variants.map((variant) => decorKey(decorateRow(frameOf(variant), 0)))
    expect(new Set(keys).size).toBe(variants.length)
    expect(decorKey(decorateRow(frameOf({}), 0))).toBe(keys[0])
  })
})

describe('flashes', () => {
  const mark: Mark = { kind: 'changed', start: 5, end: 6 }

  it('fade from the first time they are seen, then end', () => {
    const flashes = new Flashes()
    const at = (nowMs: number): number => {
      flashes.begin([mark])
      return flashes.strength(mark, nowMs, false)
    }
    expect(at(1000)).toBe(1)
    const half = at(1000 + FLASH_MS / 2)
    expect(half).toBeGreaterThan(0.4)
    expect(half).toBeLessThan(0.7)
    expect(flashes.isFading).toBe(true)
    expect(at(1000 + FLASH_MS)).toBe(0)
    expect(flashes.isFading).toBe(false)
  })

  it('do not fade where motion is not wanted', () => {
    const flashes = new Flashes()
    flashes.begin([mark])
    const strengths = [0, FLASH_MS / 2, FLASH_MS - 1, FLASH_MS].map((ms) => flashes.strength(mark, ms, true))
    expect(strengths).toEqual([1, 1, 1, 0])
  })

  it('start at the time the mark gives, and again once it was taken away', () => {
    const flashes = new Flashes()
    flashes.begin([])
    expect(flashes.strength({ ...mark, sinceMs: 0 }, FLASH_MS * 2, false)).toBe(0)
    expect(flashes.strength(mark, 0, false)).toBe(1)
    expect(flashes.strength(mark, FLASH_MS, false)).toBe(0)
    flashes.begin([])
    expect(flashes.strength(mark, FLASH_MS, false)).toBe(1)
  })

  it('leave other marks alone', () => {
    expect(new Flashes().strength({ kind: 'hit', start: 0, end: 1 }, 1e9, false)).toBe(1)
  })
})

describe('autoscroll', () => {
  it('grows with distance and with time, and stands still inside', () => {
    expect(autoscrollSpeed(0, 5000)).toBe(0)
    expect(autoscrollSpeed(50, 0)).toBeGreaterThan(autoscrollSpeed(5, 0))
    expect(autoscrollSpeed(5, 3000)).toBeGreaterThan(autoscrollSpeed(5, 1000) * 3)
    expect(autoscrollSpeed(-5, 1000)).toBe(-autoscrollSpeed(5, 1000))
    expect(Number.isFinite(autoscrollSpeed(500, 1e9))).toBe(true)
    expect([beyond(5, 10, 20), beyond(15, 10, 20), beyond(26, 10, 20)]).toEqual([-5, 0, 6])
  })
})

describe('spans of one state', () => {
  it('join neighbours and are cut at groups', () => {
    const states = Uint8Array.from([0, 0, 1, 0, 1, 1, 0, 0, 0, 0])
    expect(spansOf(states, 0, Number.POSITIVE_INFINITY)).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
      { from: 6, to: 10 },
    ])
    expect(spansOf(states, 0, 8).at(-1)).toEqual({ from: 8, to: 10 })
    expect(spansOf(new Uint8Array(0), 0, 8)).toEqual([])
  })
})
