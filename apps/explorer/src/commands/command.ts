import type { Caret } from '../document/caret.ts'
import type { Finder } from '../document/finder.ts'
import type { GoTo } from '../document/go_to.ts'
import type { Opener } from '../document/opener.ts'
import type { DocumentStore } from '../state/document.ts'
import type { NoticesStore } from '../state/notices.ts'
import type { PanelsStore } from '../state/panels.ts'
import type { SearchStore } from '../state/search.ts'
import type { SelectionStore } from '../state/selection.ts'
import type { SettingsStore } from '../state/settings.ts'
import type { ViewStore } from '../state/view.ts'

/** Everything a command may touch. */
export interface CommandContext {
  readonly document: DocumentStore
  readonly selection: SelectionStore
  readonly view: ViewStore
  readonly search: SearchStore
  readonly settings: SettingsStore
  readonly notices: NoticesStore
  readonly panels: PanelsStore
  readonly caret: Caret
  readonly finder: Finder
  readonly goTo: GoTo
  readonly opener: Opener
  readonly writeClipboard: (text: string) => Promise<void>
  readonly focusGrid: () => void
}

export type CommandArea = 'file' | 'navigate' | 'select' | 'edit' | 'search' | 'view'

/**
 * A key combination as data: `Mod+G`, `Shift+F3`, `Alt+PageUp`. `Mod` is Ctrl, and Cmd on a Mac. Modifiers in the order Mod,
 * Alt, Shift; the key as in `KeyboardEvent.key`, letters in capitals; a key that only Shift gives (`?`) goes without `Shift`.
 */
export type Chord = string

/** Where a chord counts: `grid` only while the grid has the focus, `app` anywhere. */
export type CommandScope = 'grid' | 'app'

/** One thing the user can do. Buttons, keys and the key sheet only call it. */
export interface Command {
  /** Stable, as `navigate.rowStart`. */
  readonly id: string
  readonly title: string
  readonly area: CommandArea
  readonly scope: CommandScope
  readonly chords: readonly Chord[]
  /** Left out of the key sheet, which says it another way. */
  readonly isUnlisted?: boolean
  /** Whether it means anything now; a chord whose command does not is left to the browser. */
  readonly when: (context: CommandContext) => boolean
  readonly run: (context: CommandContext) => void
}

export function hasDocument(context: CommandContext): boolean {
  return context.document.getState().open !== undefined
}

export function hasBytes(context: CommandContext): boolean {
  return (context.document.getState().open?.session.byteLength ?? 0) > 0
}

export function isWritable(context: CommandContext): boolean {
  return context.document.getState().open?.info.mode === 'write-through'
}
