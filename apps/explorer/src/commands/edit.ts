import { type Command, type CommandContext, hasBytes, isWritable } from './command.ts'
import { copySelection } from './copy.ts'

export const EDIT_COMMANDS: readonly Command[] = [
  {
    id: 'select.all',
    title: 'Select all',
    area: 'select',
    scope: 'grid',
    chords: ['Mod+A'],
    when: hasBytes,
    run: ({ document, selection }) => {
      const byteLength = document.getState().open?.session.byteLength ?? 0
      // The view stays: whoever selects everything has not asked to go to the end.
      selection.setState({ anchor: 0, focus: byteLength - 1, nibble: 'high' })
    },
  },
  {
    id: 'select.none',
    title: 'Clear the selection',
    area: 'select',
    scope: 'grid',
    chords: ['Escape'],
    when: ({ selection }) => selection.getState().anchor !== selection.getState().focus,
    run: ({ selection }) => selection.setState(({ focus }) => ({ anchor: focus })),
  },
  {
    id: 'edit.switchPane',
    title: 'Switch between hex and text',
    area: 'edit',
    scope: 'grid',
    chords: ['Tab'],
    when: ({ settings }) => !settings.getState().isTabMovingFocus,
    run: ({ selection }) =>
      selection.setState(({ pane }) => ({ pane: pane === 'hex' ? 'text' : 'hex', nibble: 'high' })),
  },
  {
    id: 'edit.undo',
    title: 'Undo',
    area: 'edit',
    scope: 'grid',
    chords: ['Mod+Z'],
    when: isWritable,
    run: ({ document }) => document.getState().open?.editor.undo(),
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    area: 'edit',
    scope: 'grid',
    chords: ['Mod+Y', 'Mod+Shift+Z'],
    when: isWritable,
    run: ({ document }) => document.getState().open?.editor.redo(),
  },
  {
    id: 'edit.copy',
    title: 'Copy the selection as shown in its column',
    area: 'edit',
    scope: 'grid',
    chords: ['Mod+C'],
    when: hasBytes,
    run: (context: CommandContext) => void copySelection(context),
  },
]
