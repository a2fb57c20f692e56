import { BYTE_CLASSES, COLOUR_OF, HIGH_DIGIT, LOW_DIGIT, TEXT_CODE, UNREADABLE } from './byte_class.ts'
import { hexChar, textChar } from './geometry.ts'
import { CELL_KNOWN, CELL_UNREAD } from './grid_bytes.ts'

/** One fillText: a string in one colour, `char` characters right of the row's first hex digit. */
export interface TextRun {
  readonly colour: number
  readonly char: number
  readonly text: string
}

/** A row's cells: a view into the frame's buffers, gone with the next frame. */
export interface RowCells {
  readonly values: Uint8Array
  readonly states: Uint8Array
}

/**
 * Blanks are no-break spaces: the browser shapes text word by word, and a row of words a space apart is a hundred look-ups where
 * one string is one shaping (measured 5.9 against 4.3 ms for 60 × 32 random bytes).
 */
const BLANK = 0xa0
const BLANK_TEXT = '\u00a0'
const COLOURS = BYTE_CLASSES.length + 1

/**
 * Turns a row into one string per colour, padded with blanks where other colours stand: a frame then costs a handful of calls per
 * row however the bytes alternate. (A call per byte measured 1.6 times slower, an atlas of glyphs 6 times without a GPU:
 * research/hex-explorers.md 4.2. Leaving out long stretches of blanks gained nothing: the calls cost what the blanks did.)
 */
export class RowComposer {
  readonly #columns: number
  readonly #lines: readonly Uint8Array[]
  readonly #first: Int32Array = new Int32Array(COLOURS)
  readonly #end: Int32Array = new Int32Array(COLOURS)

  constructor(columns: number) {
    this.#columns = columns
    const length = textChar(columns) + columns
    this.#lines = Array.from({ length: COLOURS }, () => new Uint8Array(length).fill(BLANK))
  }

  /** The runs of a row's cells; unread cells are left out. */
  compose(cells: RowCells): TextRun[] {
    this.#first.fill(-1)
    for (let column = 0; column < cells.values.length; column++) {
      const glyph = glyphOf(cells, column)
      if (glyph !== undefined) this.#put(column, glyph)
    }
    return this.#take()
  }

  #put(column: number, glyph: number): void {
    const colour = COLOUR_OF[glyph] ?? 0
    const line = this.#lines[colour] as Uint8Array
    const hex = hexChar(column)
    const text = textChar(this.#columns) + column
    line[hex] = HIGH_DIGIT[glyph] ?? BLANK
    line[hex + 1] = LOW_DIGIT[glyph] ?? BLANK
    line[text] = TEXT_CODE[glyph] ?? BLANK
    if (this.#first[colour] === -1) this.#first[colour] = hex
    this.#end[colour] = text + 1
  }

  #take(): TextRun[] {
    const runs: TextRun[] = []
    for (let colour = 0; colour < COLOURS; colour++) {
      const char = this.#first[colour] ?? -1
      if (char < 0) continue
      const used = (this.#lines[colour] as Uint8Array).subarray(char, this.#end[colour])
      runs.push({ colour, char, text: String.fromCharCode.apply(null, used as unknown as number[]) })
      used.fill(BLANK)
    }
    return runs
  }
}

/** Index into the tables of byte_class.ts; undefined for a cell that has no text. */
function glyphOf(cells: RowCells, column: number): number | undefined {
  const state = cells.states[column]
  if (state === CELL_UNREAD) return undefined
  return state === CELL_KNOWN ? cells.values[column] : UNREADABLE
}

/**
 * The row as one line of text, put together from the strings that were painted (so that a test reads the canvas, not the data):
 * offset, two blanks, hex pane, text pane. Skeleton cells, which are bars and not text, are written as middle dots.
 */
export function lineOf(painted: {
  label: string
  runs: readonly TextRun[]
  states: Uint8Array
  columns: number
}): string {
  const line = new Array<string>(textChar(painted.columns) + painted.columns).fill(' ')
  for (const run of painted.runs) {
    for (let index = 0; index < run.text.length; index++) {
      const character = run.text.charAt(index)
      if (character !== BLANK_TEXT) line[run.char + index] = character
    }
  }
  for (let column = 0; column < painted.states.length; column++) {
    if (painted.states[column] !== CELL_UNREAD) continue
    line[hexChar(column)] = line[hexChar(column) + 1] = line[textChar(painted.columns) + column] = '·'
  }
  return `${painted.label}  ${line.join('')}`.trimEnd()
}
