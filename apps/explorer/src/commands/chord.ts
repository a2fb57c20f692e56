import type { Chord } from './command.ts'

/** The part of a `KeyboardEvent` a chord is made of. */
export interface KeyStroke {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** The chord of a key stroke, in the one spelling that commands use; `undefined` for what no chord can be. */
export function chordOf(stroke: KeyStroke, isMac: boolean): Chord | undefined {
  const { key } = stroke
  if (key === '' || key === 'Dead' || key === 'Unidentified') return undefined
  const isLetter = /^[a-z]$/i.test(key)
  const isSymbol = key.length === 1 && key !== ' ' && !isLetter
  const name = isLetter ? key.toUpperCase() : key === ' ' ? 'Space' : key
  const isMod = isMac ? stroke.metaKey : stroke.ctrlKey
  const isOther = isMac ? stroke.ctrlKey : stroke.metaKey
  const parts = [
    ...(isOther ? [isMac ? 'Ctrl' : 'Meta'] : []),
    ...(isMod ? ['Mod'] : []),
    ...(stroke.altKey ? ['Alt'] : []),
    // Which symbol Shift makes differs from keyboard to keyboard: the symbol itself is the chord.
    ...(stroke.shiftKey && !isSymbol ? ['Shift'] : []),
    name,
  ]
  return parts.join('+')
}

const KEY_LABELS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
}

/** A chord's keys as they are printed on the keyboard. */
export function chordLabels(chord: Chord, isMac: boolean): string[] {
  const modifiers: Readonly<Record<string, string>> = isMac
    ? { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' }
    : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift', Meta: 'Meta' }
  return chord.split('+').map((part) => modifiers[part] ?? KEY_LABELS[part] ?? part)
}
