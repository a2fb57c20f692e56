import { CELL_KNOWN, type CellBuffer } from '../../src/hexview/grid_bytes.ts'

export function cellBuffer(length: number): CellBuffer {
  return { values: new Uint8Array(length), states: new Uint8Array(length) }
}

/** `0A ?? ..` for known, unreadable and unread. */
export function showCells(cells: CellBuffer): string {
  return Array.from(cells.states, (state, i) => {
    if (state === CELL_KNOWN) return (cells.values[i] ?? 0).toString(16).toUpperCase().padStart(2, '0')
    return state === 2 ? '??' : '..'
  }).join(' ')
}
