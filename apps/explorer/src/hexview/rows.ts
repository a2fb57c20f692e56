/*
 * Row <-> offset. A quotient of integers below 2^53 is off by less than half of 1 / columns, so floor and ceil of it are exact;
 * test/hexview/rows.test.ts holds that against unbounded integers.
 */

/** Rows a document of `byteLength` bytes takes; never 0, because the caret of an empty document stands somewhere. */
export function rowCountOf(byteLength: number, columns: number): number {
  return Math.max(1, Math.ceil(byteLength / columns))
}

/**
 * The row that shows `offset`, 0 <= offset <= byteLength. The place after the last byte belongs to the last row even when that row
 * is full (the caret then stands in a slot right of its last cell), so no empty row follows the data.
 */
export function rowOfOffset(offset: number, columns: number, byteLength: number): number {
  return Math.max(0, Math.min(Math.floor(offset / columns), rowCountOf(byteLength, columns) - 1))
}

/** The cell of `offset` in its row: 0 to columns - 1, or `columns` for the slot after a full last row. */
export function columnOfOffset(offset: number, columns: number, byteLength: number): number {
  return offset - rowOfOffset(offset, columns, byteLength) * columns
}

/** How many cells of a row hold bytes. */
export function cellsInRow(row: number, columns: number, byteLength: number): number {
  return Math.max(0, Math.min(columns, byteLength - row * columns))
}

/** Hex digits of the offset column: grown with the file so that no offset is ever cut, even so that layouts stay few. */
export function offsetDigitsOf(byteLength: number): number {
  const digits = byteLength.toString(16).length
  return Math.max(8, digits + (digits % 2))
}

/** `offset` as the offset column writes it. */
export function offsetLabel(offset: number, digits: number): string {
  return offset.toString(16).toUpperCase().padStart(digits, '0')
}
