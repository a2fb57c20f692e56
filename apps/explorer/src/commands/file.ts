import { showPanel } from '../state/panels.ts'
import { type Command, hasDocument } from './command.ts'

export const FILE_COMMANDS: readonly Command[] = [
  {
    id: 'file.open',
    title: 'Open a file…',
    area: 'file',
    scope: 'app',
    chords: ['Mod+O'],
    when: () => true,
    // Without a document the picker is what the page shows; the key still must not open the browser's own dialog.
    run: (context) => {
      if (!hasDocument(context)) return
      // What failed before is not about what is chosen now.
      context.document.setState({ failure: undefined })
      showPanel(context.panels, 'picker')
    },
  },
  {
    id: 'file.reload',
    title: 'Reload the file from disk',
    area: 'file',
    scope: 'app',
    // Ctrl+R is the browser's own reload, and a page that takes that away is a trap.
    chords: [],
    when: hasDocument,
    run: ({ opener }) => void opener.reload(),
  },
]
