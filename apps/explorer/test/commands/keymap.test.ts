import { describe, expect, it } from 'vitest'
import { chordLabels, chordOf } from '../../src/commands/chord.ts'
import { COMMANDS, commandById, commandsOfChord } from '../../src/commands/registry.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('commands', () => {
  it('have ids of their own, and titles', () => {
    const ids = COMMANDS.map((command) => command.id)
    expect(ids.length).toBeGreaterThan(40)
    expect(new Set(ids).size).toBe(ids.length)
    expect(COMMANDS.filter((command) => command.title.trim() === '')).toEqual([])
    expect(() => commandById('no.such')).toThrow(RangeError)
  })

  it('have chords of their own within their scope', () => {
    const seen = new Map<string, string>()
    const clashes: string[] = []
    for (const command of COMMANDS) {
      for (const chord of command.chords) {
        const key = `${command.scope} ${chord}`
        const other = seen.get(key)
        if (other !== undefined) clashes.push(`${chord}: ${other} and ${command.id}`)
        seen.set(key, command.id)
      }
    }
    expect(clashes).toEqual([])
    expect(seen.size).toBeGreaterThan(40)
  })

  it('spell their chords the way key strokes are spelt', () => {
    for (const chord of COMMANDS.flatMap((command) => command.chords)) {
      const parts = chord.split('+')
      const key = parts.at(-1) ?? ''
      const stroke = {
        key: key.length === 1 ? key.toLowerCase() : key,
        ctrlKey: parts.includes('Mod'),
        metaKey: false,
        altKey: parts.includes('Alt'),
        shiftKey: parts.includes('Shift'),
      }
      expect(chordOf(stroke, false)).toBe(chord)
    }
  })

  it('never take a key the browser keeps for itself', () => {
    const reserved = [
      'Mod+N',
      'Mod+T',
      'Mod+W',
      'Mod+R',
      'Mod+Shift+N',
      'Mod+Shift+T',
      'Mod+Shift+I',
      'Mod+PageUp',
      'Mod+L',
    ]
    for (const chord of reserved) expect(commandsOfChord(chord, true)).toEqual([])
  })

  it('of the grid come before those of the application, and only while the grid has the focus', () => {
    expect(commandsOfChord('Escape', true).map(({ id }) => id)).toEqual(['select.none', 'view.closeBar'])
    expect(commandsOfChord('Escape', false).map(({ id }) => id)).toEqual(['view.closeBar'])
  })
})

describe('chords', () => {
  it('mean Cmd on a Mac and Ctrl elsewhere', () => {
    expect(chordOf({ ...plain, key: 'g', ctrlKey: true }, false)).toBe('Mod+G')
    expect(chordOf({ ...plain, key: 'g', metaKey: true }, true)).toBe('Mod+G')
    expect(chordOf({ ...plain, key: 'g', ctrlKey: true }, true)).toBe('Ctrl+G')
    expect(chordOf({ ...plain, key: 'g', metaKey: true }, false)).toBe('Meta+G')
  })

  it('ignore capitals of letters, and the Shift that makes a symbol', () => {
    expect(chordOf({ ...plain, key: 'Z', ctrlKey: true, shiftKey: true }, false)).toBe('Mod+Shift+Z')
    expect(chordOf({ ...plain, key: '?', shiftKey: true }, false)).toBe('?')
    expect(chordOf({ ...plain, key: 'Dead' }, false)).toBeUndefined()
  })

  it('are shown as on the keyboard', () => {
    expect(chordLabels('Mod+Shift+ArrowLeft', false)).toEqual(['Ctrl', 'Shift', '←'])
    expect(chordLabels('Mod+G', true)).toEqual(['⌘', 'G'])
  })
})
