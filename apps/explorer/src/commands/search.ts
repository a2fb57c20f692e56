import { showPanel } from '../state/panels.ts'
import { type Command, type CommandContext, hasBytes } from './command.ts'

export const SEARCH_COMMANDS: readonly Command[] = [
  {
    id: 'search.find',
    title: 'Find…',
    area: 'search',
    scope: 'app',
    chords: ['Mod+F'],
    when: hasBytes,
    run: ({ panels }) => showPanel(panels, 'find'),
  },
  findCommand({ id: 'search.next', title: 'Find next', chord: 'F3', direction: 'forward' }),
  findCommand({ id: 'search.previous', title: 'Find previous', chord: 'Shift+F3', direction: 'backward' }),
  {
    id: 'search.cancel',
    title: 'Cancel the search',
    area: 'search',
    scope: 'app',
    chords: [],
    when: ({ search }) => search.getState().outcome.kind === 'running',
    run: ({ finder }) => finder.cancel(),
  },
]

function findCommand(options: {
  id: string
  title: string
  chord: string
  direction: 'forward' | 'backward'
}): Command {
  return {
    id: options.id,
    title: options.title,
    area: 'search',
    scope: 'app',
    chords: [options.chord],
    when: hasBytes,
    run: (context: CommandContext) => {
      // Nothing to look for yet: ask.
      if (context.search.getState().query.text === '') showPanel(context.panels, 'find')
      else context.finder.find(options.direction)
    },
  }
}
