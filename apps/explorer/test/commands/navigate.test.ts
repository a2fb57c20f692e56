import { describe, expect, it } from 'vitest'
import { MAX_COPY_BYTE_LENGTH } from '../../src/commands/copy.ts'
import { handleKey } from '../../src/commands/keymap.ts'
import { makeContext, type TestContext } from '../support/context.ts'
import { drain } from '../support/harness.ts'

function press(context: TestContext, chord: string, isInGrid = true): boolean {
  const parts = chord.split('+')
  const key = parts.at(-1) ?? ''
  const stroke = {
    key: key.length === 1 ? key.toLowerCase() : key,
    ctrlKey: parts.includes('Mod'),
    metaKey: false,
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  }
  return handleKey({ stroke, isInGrid, isMac: false }, context)
}

/** Document of 100 bytes, 16 a row: the last row, 6, has four. */
const MOVES: readonly { from: number; chord: string; to: number }[] = [
  { from: 5, chord: 'ArrowLeft', to: 4 },
  { from: 0, chord: 'ArrowLeft', to: 0 },
  { from: 5, chord: 'ArrowRight', to: 6 },
  { from: 99, chord: 'ArrowRight', to: 99 },
  { from: 20, chord: 'ArrowUp', to: 4 },
  { from: 4, chord: 'ArrowUp', to: 4 },
  { from: 20, chord: 'ArrowDown', to: 36 },
  { from: 90, chord: 'ArrowDown', to: 99 },
  { from: 97, chord: 'ArrowDown', to: 97 },
  { from: 20, chord: 'Home', to: 16 },
  { from: 20, chord: 'End', to: 31 },
  { from: 97, chord: 'End', to: 99 },
  { from: 50, chord: 'Mod+Home', to: 0 },
  { from: 50, chord: 'Mod+End', to: 99 },
  { from: 50, chord: 'PageDown', to: 98 },
  { from: 98, chord: 'PageUp', to: 50 },
  { from: 10, chord: 'Mod+ArrowRight', to: 16 },
  { from: 10, chord: 'Mod+ArrowLeft', to: 8 },
  { from: 8, chord: 'Mod+ArrowLeft', to: 0 },
  { from: 35, chord: 'Alt+PageUp', to: 3 },
  { from: 3, chord: 'Alt+PageDown', to: 51 },
]

describe('moving', () => {
  for (const { from, chord, to } of MOVES) {
    it(`${chord} goes from ${from} to ${to}, and with Shift selects`, () => {
      const context = makeContext(new Uint8Array(100))
      context.selection.setState({ anchor: from, focus: from })
      expect(press(context, chord)).toBe(true)
      expect(context.selection.getState()).toMatchObject({ anchor: to, focus: to })
      context.selection.setState({ anchor: from, focus: from })
      context.view.setState({ topRow: 0 })
      const at = chord.lastIndexOf('+') + 1
      expect(press(context, `${chord.slice(0, at)}Shift+${chord.slice(at)}`)).toBe(true)
      expect(context.selection.getState()).toMatchObject({ anchor: from, focus: to })
    })
  }

  it('brings the caret into sight, at any size of file', () => {
    const context = makeContext(new Uint8Array(100))
    press(context, 'Mod+End')
    expect(context.view.getState().topRow).toBe(3)
    press(context, 'Mod+Home')
    expect(context.view.getState().topRow).toBe(0)
  })

  it('scrolls without moving the caret', () => {
    const context = makeContext(new Uint8Array(100))
    press(context, 'Mod+ArrowDown')
    expect(context.view.getState().topRow).toBe(1)
    for (let i = 0; i < 9; i++) press(context, 'Mod+ArrowDown')
    expect(context.view.getState().topRow).toBe(3)
    expect(context.selection.getState().focus).toBe(0)
  })

  it('leaves the keys alone outside of the grid', () => {
    const context = makeContext(new Uint8Array(100))
    expect(press(context, 'ArrowRight', false)).toBe(false)
    expect(press(context, 'Mod+Z', false)).toBe(false)
    expect(press(context, 'Mod+G', false)).toBe(true)
    expect(context.panels.getState().bar).toBe('goto')
  })

  it('lets Tab leave the grid once asked to', () => {
    const context = makeContext(new Uint8Array(100))
    expect(press(context, 'Tab')).toBe(true)
    expect(context.selection.getState().pane).toBe('text')
    press(context, 'Mod+M')
    expect(press(context, 'Tab')).toBe(false)
    expect(press(context, 'Shift+Tab')).toBe(false)
  })
})

describe('copying', () => {
  it('copies hex or text, whichever column the caret is in', async () => {
    const context = makeContext(new TextEncoder().encode('hello world'))
    context.selection.setState({ anchor: 0, focus: 4, pane: 'hex' })
    press(context, 'Mod+C')
    await drain(context.tab)
    context.selection.setState({ anchor: 6, focus: 6, pane: 'text' })
    press(context, 'Mod+C')
    await drain(context.tab)
    expect(context.copied).toEqual(['68 65 6C 6C 6F', 'w'])
  })

  it('says so when it is too much', async () => {
    const context = makeContext(new Uint8Array(MAX_COPY_BYTE_LENGTH + 1))
    press(context, 'Mod+A')
    press(context, 'Mod+C')
    expect(context.copied).toEqual([])
    expect(context.notices.getState().notices[0]?.text).toContain('1,048,577')
  })
})

describe('after the last byte of a full row', () => {
  const AFTER_END: readonly { chord: string; to: number }[] = [
    { chord: 'Home', to: 48 },
    { chord: 'End', to: 63 },
    { chord: 'ArrowUp', to: 47 },
    { chord: 'ArrowDown', to: 63 },
    { chord: 'PageUp', to: 15 },
    { chord: 'Alt+PageUp', to: 15 },
    { chord: 'ArrowLeft', to: 63 },
  ]
  for (const { chord, to } of AFTER_END) {
    it(`${chord} starts from that row, and goes to ${to}`, () => {
      const context = makeContext(new Uint8Array(64))
      context.selection.setState({ anchor: 64, focus: 64 })
      press(context, chord)
      expect(context.selection.getState().focus).toBe(to)
    })
  }
})

describe('paging', () => {
  it('moves the view by a page as well as the caret, which keeps its row on screen', () => {
    const context = makeContext(new Uint8Array(1600))
    context.selection.setState({ anchor: 18, focus: 18 })
    press(context, 'PageDown')
    expect(context.view.getState().topRow).toBe(3)
    expect(context.selection.getState().focus).toBe(18 + 3 * 16)
    press(context, 'Shift+PageDown')
    expect(context.view.getState().topRow).toBe(6)
    press(context, 'PageUp')
    expect(context.view.getState().topRow).toBe(3)
    for (let i = 0; i < 9; i++) press(context, 'PageUp')
    expect(context.view.getState().topRow).toBe(0)
    expect(context.selection.getState().focus).toBe(2)
  })

  it('stops with the last page', () => {
    const context = makeContext(new Uint8Array(100))
    for (let i = 0; i < 9; i++) press(context, 'PageDown')
    expect(context.view.getState().topRow).toBe(3)
    expect(context.selection.getState().focus).toBe(96)
  })
})
