import { formatByte, formatOffset, isPrintableAscii, offsetDigits } from '@mapscope/core/shared'
import type { DocumentSession } from '../document/session.ts'
import { CELL_KNOWN, CELL_UNREADABLE } from '../hexview/grid_bytes.ts'
import { type SelectionState, selectedRange } from '../state/selection.ts'
import { formatCount } from '../ui/format.ts'

export function hexOffset(offset: number, byteLength: number): string {
  return `0x${formatOffset(offset, offsetDigits(byteLength))}`
}

/** `0x00001000 – 0x00001FFF`, and how many bytes that is in hex and decimal; both ends are in the selection. */
export function selectionText(state: SelectionState, byteLength: number): { span: string; length: string } | undefined {
  const selected = selectedRange(state)
  if (selected === undefined) return undefined
  const end = Math.min(selected.end, byteLength)
  const length = end - selected.start
  if (length <= 0) return undefined
  return {
    span: `${hexOffset(selected.start, byteLength)} – ${hexOffset(end - 1, byteLength)}`,
    length: `0x${formatOffset(length, 1)} (${formatCount(length)})`,
  }
}

/** A byte every way it is looked at: hex, decimal, binary, character. */
export function byteText(session: DocumentSession, offset: number): string {
  if (offset >= session.byteLength) return 'end of file'
  const { state, value } = session.cellAt(offset)
  if (state === CELL_UNREADABLE) return 'unreadable'
  if (state !== CELL_KNOWN) return '…'
  const binary = value.toString(2).padStart(8, '0')
  const character = isPrintableAscii(value) ? ` '${String.fromCharCode(value)}'` : ''
  return `${formatByte(value)}  ${value}  ${binary.slice(0, 4)} ${binary.slice(4)}${character}`
}
