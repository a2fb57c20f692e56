import type { Chord, Command } from './command.ts'
import { EDIT_COMMANDS } from './edit.ts'
import { FILE_COMMANDS } from './file.ts'
import { NAVIGATE_COMMANDS } from './navigate.ts'
import { SEARCH_COMMANDS } from './search.ts'
import { VIEW_COMMANDS } from './view.ts'

/** Everything the user can do. One more command is one more row in one of these lists. */
export const COMMANDS: readonly Command[] = [
  ...FILE_COMMANDS,
  ...NAVIGATE_COMMANDS,
  ...EDIT_COMMANDS,
  ...SEARCH_COMMANDS,
  ...VIEW_COMMANDS,
]

const BY_ID: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]))

/** Throws a `RangeError` for an id that no command has: a misspelt button must not go unnoticed. */
export function commandById(id: string): Command {
  const command = BY_ID.get(id)
  if (command === undefined) throw new RangeError(`There is no command '${id}'`)
  return command
}

/** What a chord may do, commands of the focused grid before those of the whole application. */
export function commandsOfChord(chord: Chord, isInGrid: boolean): readonly Command[] {
  const matching = COMMANDS.filter((command) => command.chords.includes(chord))
  const inGrid = isInGrid ? matching.filter((command) => command.scope === 'grid') : []
  return [...inGrid, ...matching.filter((command) => command.scope === 'app')]
}
