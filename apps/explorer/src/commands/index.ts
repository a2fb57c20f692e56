/** Everything the user can do, and the keys that do it. */
export { chordLabels } from './chord.ts'
export type { Command, CommandArea, CommandContext } from './command.ts'
export { handleKey } from './keymap.ts'
export { COMMANDS, commandById } from './registry.ts'
