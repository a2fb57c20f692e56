import { chordOf, type KeyStroke } from './chord.ts'
import type { CommandContext } from './command.ts'
import { commandsOfChord } from './registry.ts'

export interface KeyPress {
  readonly stroke: KeyStroke
  /** Whether the grid has the focus. */
  readonly isInGrid: boolean
  readonly isMac: boolean
}

/** Runs the first command of the pressed chord that means something now; false leaves the key to the browser. */
export function handleKey(press: KeyPress, context: CommandContext): boolean {
  const chord = chordOf(press.stroke, press.isMac)
  if (chord === undefined) return false
  const command = commandsOfChord(chord, press.isInGrid).find((one) => one.when(context))
  if (command === undefined) return false
  command.run(context)
  return true
}
