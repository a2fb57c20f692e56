import { describe, expect, it } from 'vitest'
import {
  CELL_KNOWN,
  CELL_UNREAD,
  CELL_UNREADABLE,
  type CellBuffer,
  type GridBytes,
} from '../../src/hexview/grid_bytes.ts'
import { characterName, mirrorOf } from '../../src/hexview/mirror.ts'
import { bubbleText, positionText } from '../../src/hexview/position_text.ts'
import type { SelectionState } from '../../src/state/selection.ts'
import { TIB_15 } from './random.ts'

/** Real cells over an array that stands at `base` of a longer document. */
function bytesAt(
  base: number,
  byteLength: number,
  bytes: readonly number[],
  states: readonly number[] = [],
): GridBytes {
  return {
    byteLength,
    readCells(offset: number, length: number, into: CellBuffer) {
      for (let index = 0; index < length; index++) {
        into.values[index] = bytes[offset + index - base] ?? 0
        into.states[index] = states[offset + index - base] ?? CELL_KNOWN
      }
    },
    marksIn: (start, end) => (start <= base && base < end ? [{ kind: 'edited', start: base, end: base + 1 }] : []),
    setVisible: () => {},
    subscribe: () => () => {},
  }
}

const caretAt = (focus: number): SelectionState => ({ anchor: focus, focus, pane: 'hex', nibble: 'high' })

describe('the mirror', () => {
  it('says offset, value, character and marks of the caret row and its neighbours', () => {
    const bytes = bytesAt(0x1f40, TIB_15, [0x4d, 0x5a, 0x00, 0xff])
    const { rows, active } = mirrorOf(bytes, caretAt(0x1f41), 16)
    expect(rows.map((row) => row.offset)).toEqual([0x1f30, 0x1f40, 0x1f50])
    expect(rows[1]?.cells.slice(0, 4).map((cell) => cell.label)).toEqual([
      '0x1F40, 4D, M, modified',
      '0x1F41, 5A, Z',
      '0x1F42, 00, NUL',
      '0x1F43, FF, not ASCII',
    ])
    expect(rows[1]?.cells[0]).toMatchObject({ value: '4D', state: 'known' })
    expect(active).toBe(0x1f41)
  })

  it('says what is not loaded and what cannot be read, and never shows a value for it', () => {
    const { rows } = mirrorOf(bytesAt(0, 3, [1, 2, 3], [CELL_UNREAD, CELL_UNREADABLE, CELL_KNOWN]), caretAt(0), 16)
    expect(rows[0]?.cells.map((cell) => [cell.value, cell.state, cell.label])).toEqual([
      ['', 'unread', '0x0, not loaded, modified'],
      ['', 'unreadable', '0x1, unreadable'],
      ['03', 'known', '0x2, 03, ETX'],
    ])
  })

  it('reaches the last byte of 15 TiB, and the place after it', () => {
    const last = mirrorOf(bytesAt(TIB_15 - 16, TIB_15, [7]), caretAt(TIB_15), 16)
    expect(last.rows.map((row) => row.offset)).toEqual([TIB_15 - 32, TIB_15 - 16])
    expect(last.rows[1]?.cells).toHaveLength(16)
    expect(last.active).toBeUndefined()
    expect(mirrorOf(bytesAt(0, 0, []), caretAt(0), 16)).toMatchObject({ rowCount: 1, active: undefined })
  })

  it('names every byte', () => {
    expect([0, 9, 0x1b, 0x20, 0x41, 0x7f, 0x80].map(characterName)).toEqual([
      'NUL',
      'TAB',
      'ESC',
      'space',
      'A',
      'DEL',
      'not ASCII',
    ])
    for (let byte = 0; byte < 256; byte++) expect(characterName(byte)).not.toBe('')
  })
})

describe('positions in words', () => {
  it('are a place, a length and a share', () => {
    expect(positionText(0x1f40, 0x4a00)).toBe('0x1F40 of 0x4A00, 42 %')
    expect(positionText(0, 0)).toBe('0x0 of 0x0, 0 %')
    expect(positionText(TIB_15 - 1, TIB_15)).toBe('0xEFFFFFFFFFF of 0xF0000000000, 99 %')
  })

  it('say how fine a drag is', () => {
    expect(bubbleText(TIB_15 / 2, TIB_15, 1)).toBe('078000000000 · 50.0 %')
    expect(bubbleText(TIB_15 / 2, TIB_15, 1 / 64)).toBe('078000000000 · 50.0 % · fine 1:64')
    expect(bubbleText(0, 100, 2 ** -30)).toBe('00000000 · 0.0 % · fine 1:1.1e+9')
  })
})
