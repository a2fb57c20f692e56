import { GROUP } from '../hexview/geometry.ts'
import { columnOfOffset, rowCountOf, rowOfOffset } from '../hexview/rows.ts'
import { scrollByRows } from '../hexview/scroll.ts'
import { showPanel } from '../state/panels.ts'
import { type Chord, type Command, type CommandContext, hasBytes } from './command.ts'

interface Place {
  /** The caret. */
  readonly offset: number
  readonly byteLength: number
  readonly columns: number
  readonly topRow: number
  readonly visibleRows: number
}

interface Move {
  readonly id: string
  readonly title: string
  readonly chord: Chord
  /** Where the caret goes; the caller clamps it to the document. */
  readonly target: (place: Place) => number
  /** Rows the view moves along with the caret, so that a page is a page wherever the caret stands in it. */
  readonly scrolls?: (place: Place) => number
}

/** One row per movement; each is two commands, plain and with Shift. */
const MOVES: readonly Move[] = [
  { id: 'left', title: 'Previous byte', chord: 'ArrowLeft', target: ({ offset }) => offset - 1 },
  { id: 'right', title: 'Next byte', chord: 'ArrowRight', target: ({ offset }) => offset + 1 },
  { id: 'up', title: 'Row above', chord: 'ArrowUp', target: (place) => byRows(place, -1) },
  { id: 'down', title: 'Row below', chord: 'ArrowDown', target: (place) => byRows(place, 1) },
  { id: 'groupLeft', title: 'Previous group', chord: 'Mod+ArrowLeft', target: (place) => byGroup(place, -1) },
  { id: 'groupRight', title: 'Next group', chord: 'Mod+ArrowRight', target: (place) => byGroup(place, 1) },
  { id: 'rowStart', title: 'Start of the row', chord: 'Home', target: rowStart },
  { id: 'rowEnd', title: 'End of the row', chord: 'End', target: (place) => rowStart(place) + place.columns - 1 },
  { id: 'fileStart', title: 'Start of the file', chord: 'Mod+Home', target: () => 0 },
  { id: 'fileEnd', title: 'End of the file', chord: 'Mod+End', target: ({ byteLength }) => byteLength - 1 },
  {
    id: 'pageUp',
    title: 'Page up',
    chord: 'PageUp',
    target: (place) => byRows(place, -page(place)),
    scrolls: (place) => -page(place),
  },
  {
    id: 'pageDown',
    title: 'Page down',
    chord: 'PageDown',
    target: (place) => byRows(place, page(place)),
    scrolls: page,
  },
  { id: 'screenTop', title: 'First row on screen', chord: 'Alt+PageUp', target: (place) => inRow(place, place.topRow) },
  {
    id: 'screenBottom',
    title: 'Last row on screen',
    chord: 'Alt+PageDown',
    target: (place) => inRow(place, place.topRow + place.visibleRows - 1),
  },
]

export const NAVIGATE_COMMANDS: readonly Command[] = [
  ...MOVES.map((move): Command => moveCommand(move, false)),
  ...MOVES.map((move): Command => moveCommand(move, true)),
  scrollCommand({ id: 'scrollUp', title: 'Scroll up, caret stays', chord: 'Mod+ArrowUp', rows: -1 }),
  scrollCommand({ id: 'scrollDown', title: 'Scroll down, caret stays', chord: 'Mod+ArrowDown', rows: 1 }),
  {
    id: 'navigate.goTo',
    title: 'Go to offset…',
    area: 'navigate',
    scope: 'app',
    chords: ['Mod+G'],
    when: hasBytes,
    run: ({ panels }) => showPanel(panels, 'goto'),
  },
]

function moveCommand(move: Move, isExtending: boolean): Command {
  return {
    id: `${isExtending ? 'select' : 'navigate'}.${move.id}`,
    title: isExtending ? `Select to: ${move.title.toLowerCase()}` : move.title,
    area: isExtending ? 'select' : 'navigate',
    scope: 'grid',
    chords: [isExtending ? withShift(move.chord) : move.chord],
    isUnlisted: isExtending,
    when: hasBytes,
    run: (context) => {
      const place = placeOf(context)
      if (move.scrolls !== undefined) scrollView(context, move.scrolls(place))
      context.caret.moveTo(move.target(place), { isExtending })
    },
  }
}

function scrollCommand(scroll: { id: string; title: string; chord: Chord; rows: number }): Command {
  return {
    id: `navigate.${scroll.id}`,
    title: scroll.title,
    area: 'navigate',
    scope: 'grid',
    chords: [scroll.chord],
    when: hasBytes,
    run: (context) => {
      const { byteLength, columns, topRow, visibleRows } = placeOf(context)
      const last = Math.max(0, rowCountOf(byteLength, columns) - visibleRows)
      context.view.setState({ topRow: Math.max(0, Math.min(last, topRow + scroll.rows)), subRowPx: 0 })
    },
  }
}

function scrollView(context: CommandContext, rows: number): void {
  const { byteLength, columns, visibleRows } = placeOf(context)
  // No row height: whole rows only, and the present fraction of a row is kept.
  const space = { rowCount: rowCountOf(byteLength, columns), visibleRows, rowHeightPx: Number.POSITIVE_INFINITY }
  context.view.setState(scrollByRows(space, context.view.getState(), rows))
}

function withShift(chord: Chord): Chord {
  const at = chord.lastIndexOf('+') + 1
  return `${chord.slice(0, at)}Shift+${chord.slice(at)}`
}

function placeOf({ document, view, caret }: CommandContext): Place {
  const { topRow, columns, visibleRows } = view.getState()
  const byteLength = document.getState().open?.session.byteLength ?? 0
  return { offset: caret.offset, byteLength, columns, topRow, visibleRows }
}

/** Of the row the caret is shown in: after the last byte of a full row, that row and not an empty one below it. */
function rowStart({ offset, columns, byteLength }: Place): number {
  return rowOfOffset(offset, columns, byteLength) * columns
}

/** The caret's column as one that every row has: the slot after a full row counts as its last cell. */
function columnOf({ offset, columns, byteLength }: Place): number {
  return Math.min(columns - 1, columnOfOffset(offset, columns, byteLength))
}

/** Rows up or down in the same column; past either end the caret stays in its column's last (first) row. */
function byRows(place: Place, rows: number): number {
  const { offset, columns, byteLength } = place
  const row = rowOfOffset(offset, columns, byteLength)
  const lastRow = rowCountOf(byteLength, columns) - 1
  const target = Math.max(0, Math.min(lastRow, row + rows))
  return target * columns + columnOf(place)
}

function byGroup({ offset }: Place, direction: -1 | 1): number {
  const start = offset - (offset % GROUP)
  if (direction > 0) return start + GROUP
  return start === offset ? start - GROUP : start
}

function inRow(place: Place, row: number): number {
  return row * place.columns + columnOf(place)
}

function page({ visibleRows }: Place): number {
  return Math.max(1, visibleRows - 1)
}
