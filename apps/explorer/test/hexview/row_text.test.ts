import { describe, expect, it } from 'vitest'
import {
  BYTE_CLASSES,
  byteLabel,
  COLOUR_OF,
  COLOUR_UNREADABLE,
  classify,
  UNREADABLE,
} from '../../src/hexview/byte_class.ts'
import { hexChar, textChar } from '../../src/hexview/geometry.ts'
import { CELL_KNOWN, CELL_UNREAD, CELL_UNREADABLE } from '../../src/hexview/grid_bytes.ts'
import { lineOf, RowComposer } from '../../src/hexview/row_text.ts'
import { forSeeds } from './random.ts'

const NBSP = '\u00a0'

function cellsOf(
  bytes: readonly number[],
  states = bytes.map(() => CELL_KNOWN),
): { values: Uint8Array; states: Uint8Array } {
  return { values: Uint8Array.from(bytes), states: Uint8Array.from(states) }
}

function lineFor(columns: number, cells: { values: Uint8Array; states: Uint8Array }): string {
  const runs = new RowComposer(columns).compose(cells)
  return lineOf({ label: '00000000', runs, states: cells.states, columns })
}

describe('byte classes', () => {
  it.each([
    [0x00, 'nul'],
    [0x01, 'control'],
    [0x08, 'control'],
    [0x09, 'whitespace'],
    [0x0a, 'whitespace'],
    [0x0d, 'whitespace'],
    [0x0e, 'control'],
    [0x1f, 'control'],
    [0x20, 'whitespace'],
    [0x21, 'printable'],
    [0x7e, 'printable'],
    [0x7f, 'control'],
    [0x80, 'high'],
    [0xfe, 'high'],
    [0xff, 'ff'],
  ] as const)('0x%s is %s', (byte, byteClass) => {
    expect(classify(byte)).toBe(byteClass)
    expect(BYTE_CLASSES[COLOUR_OF[byte] ?? -1]).toBe(byteClass)
  })

  it('gives unreadable cells a colour of their own', () => {
    expect(COLOUR_OF[UNREADABLE]).toBe(COLOUR_UNREADABLE)
    expect(COLOUR_UNREADABLE).toBe(BYTE_CLASSES.length)
  })

  it('writes bytes as two upper-case digits', () => {
    expect([0, 10, 0x4d, 255].map(byteLabel)).toEqual(['00', '0A', '4D', 'FF'])
  })
})

describe('row text', () => {
  it('is the row, put together from its colours, for any bytes', () => {
    forSeeds(500, (random) => {
      const columns = random.pick([1, 7, 8, 9, 16, 32])
      const bytes = Array.from({ length: random.integer(0, columns) }, () =>
        random.pick([0, 32, 65, 200, 255, random.integer(0, 255)]),
      )
      expect(lineFor(columns, cellsOf(bytes))).toBe(oracleLine(columns, bytes))
    })
  })

  it('paints each colour in one string, with blanks that do not part words', () => {
    const runs = new RowComposer(8).compose(cellsOf([0x41, 0x00, 0x42, 0x20]))
    expect(runs.map((run) => BYTE_CLASSES[run.colour])).toEqual(['nul', 'printable', 'whitespace'])
    for (const run of runs) expect(run.text).not.toContain(' ')
    const printable = runs[1]
    expect(printable?.char).toBe(0)
    expect(printable?.text.startsWith(`41${NBSP.repeat(4)}42`)).toBe(true)
    expect(printable?.text.endsWith(`A${NBSP}B`)).toBe(true)
  })

  it('leaves nothing behind for the next row', () => {
    const composer = new RowComposer(8)
    composer.compose(cellsOf([1, 2, 3, 4, 5, 6, 7, 8]))
    const runs = composer.compose(cellsOf([0x41]))
    expect(runs).toHaveLength(1)
    expect(runs[0]?.text.replaceAll(NBSP, '')).toBe('41A')
  })

  it('writes ?? where bytes cannot be read, and nothing where they are not here yet', () => {
    const cells = cellsOf([0x4d, 0xaa, 0xbb, 0x5a], [CELL_KNOWN, CELL_UNREADABLE, CELL_UNREAD, CELL_KNOWN])
    const runs = new RowComposer(4).compose(cells)
    expect(runs.map((run) => run.text).join('')).not.toMatch(/AA|BB/)
    expect(lineOf({ label: '00001F40', runs, states: cells.states, columns: 4 })).toBe('00001F40  4D ?? ·· 5A   M?·Z')
  })
})

function oracleLine(columns: number, bytes: readonly number[]): string {
  const line = Array.from({ length: textChar(columns) + columns }, () => ' ')
  bytes.forEach((byte, column) => {
    const label = byte.toString(16).toUpperCase().padStart(2, '0')
    line[hexChar(column)] = label.charAt(0)
    line[hexChar(column) + 1] = label.charAt(1)
    line[textChar(columns) + column] = byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'
  })
  return `00000000  ${line.join('')}`.trimEnd()
}
