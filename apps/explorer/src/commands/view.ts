import { announce } from '../state/notices.ts'
import { showPanel } from '../state/panels.ts'
import { resolvedTheme } from '../state/settings.ts'
import type { Command } from './command.ts'

const always = (): boolean => true

export const VIEW_COMMANDS: readonly Command[] = [
  {
    id: 'view.toggleTheme',
    title: 'Switch between light and dark',
    area: 'view',
    scope: 'app',
    chords: ['Mod+Shift+L'],
    when: always,
    run: ({ settings }) =>
      settings.setState((state) => ({ theme: resolvedTheme(state) === 'light' ? 'dark' : 'light' })),
  },
  {
    id: 'view.systemTheme',
    title: 'Follow the system’s theme',
    area: 'view',
    scope: 'app',
    chords: [],
    when: always,
    run: ({ settings }) => settings.setState({ theme: 'system' }),
  },
  {
    id: 'view.tabMovesFocus',
    title: 'Tab leaves the grid / switches its columns',
    area: 'view',
    scope: 'app',
    chords: ['Mod+M'],
    when: always,
    run: ({ settings, notices }) => {
      settings.setState(({ isTabMovingFocus }) => ({ isTabMovingFocus: !isTabMovingFocus }))
      const isMoving = settings.getState().isTabMovingFocus
      announce(notices, isMoving ? 'Tab now moves the focus' : 'Tab now switches between hex and text')
    },
  },
  {
    id: 'view.keys',
    title: 'Commands and keys',
    area: 'view',
    scope: 'app',
    chords: ['F1'],
    when: always,
    run: ({ panels }) => showPanel(panels, 'keys'),
  },
  {
    // Its own command because a `?` typed into a text field, or into the text column of a writable file, is a question mark.
    id: 'view.keysByQuestionMark',
    title: 'Commands and keys',
    area: 'view',
    scope: 'grid',
    chords: ['?'],
    when: ({ document, selection }) =>
      document.getState().open?.info.mode === 'read-only' || selection.getState().pane === 'hex',
    run: ({ panels }) => showPanel(panels, 'keys'),
  },
  {
    id: 'view.closeBar',
    title: 'Close the go-to or find bar',
    area: 'view',
    scope: 'app',
    chords: ['Escape'],
    when: ({ panels }) => panels.getState().bar !== undefined && panels.getState().dialog === undefined,
    run: ({ panels, goTo, finder, focusGrid }) => {
      if (panels.getState().bar === 'goto') goTo.cancel()
      else finder.close()
      panels.setState({ bar: undefined })
      focusGrid()
    },
  },
]
