import { CLASS_COUNT } from './byte_counts.ts'
import { CellStore, COMPLETE } from './overview_cells.ts'

/** Raised when the layout below or the meaning of a number changes: what was kept of before is then made again. */
const VERSION = 1
const MAGIC = 0x4d53_4f56
const HEADER_BYTE_LENGTH = 28
const CHECKSUM_BYTE_LENGTH = 4

/**
 * Little-endian: magic, version, source length (f64), cell length (f64), identity's length, identity in UTF-8; then all states, all
 * entropies, all shares (f32); then a checksum of everything before.
 */
export function encodeCells(store: CellStore, identity: string): Uint8Array {
  const name = new TextEncoder().encode(identity)
  const bytes = new Uint8Array(byteLengthFor(name.length, store.count))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, VERSION, true)
  view.setFloat64(8, store.byteLength, true)
  view.setFloat64(16, store.cellByteLength, true)
  view.setUint32(24, name.length, true)
  bytes.set(name, HEADER_BYTE_LENGTH)
  let at = HEADER_BYTE_LENGTH + name.length
  bytes.set(store.state, at)
  at += store.count
  for (const number of [...store.entropy, ...store.shares]) {
    view.setFloat32(at, number, true)
    at += 4
  }
  view.setUint32(at, checksum(bytes.subarray(0, at)), true)
  return bytes
}

/** Undefined for what is not such bytes, of another version, damaged, or of other cells than those of `like`. */
export function decodeCells(bytes: Uint8Array, identity: string, like: CellStore): CellStore | undefined {
  const { byteLength, cellByteLength } = like
  const name = new TextEncoder().encode(identity)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTE_LENGTH + name.length + CHECKSUM_BYTE_LENGTH) return undefined
  const isOurs = view.getUint32(0, true) === MAGIC && view.getUint32(4, true) === VERSION
  const end = bytes.length - CHECKSUM_BYTE_LENGTH
  if (!isOurs || view.getUint32(end, true) !== checksum(bytes.subarray(0, end))) return undefined
  const isSame = view.getFloat64(8, true) === byteLength && view.getFloat64(16, true) === cellByteLength
  const isNamed =
    view.getUint32(24, true) === name.length && name.every((byte, index) => bytes[HEADER_BYTE_LENGTH + index] === byte)
  if (!isSame || !isNamed || bytes.length !== byteLengthFor(name.length, like.count)) return undefined
  const store = new CellStore(byteLength, cellByteLength)
  fill(store, bytes, HEADER_BYTE_LENGTH + name.length)
  return store.state.every((state) => state <= COMPLETE) ? store : undefined
}

function fill(store: CellStore, bytes: Uint8Array, start: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  store.state.set(bytes.subarray(start, start + store.count))
  let at = start + store.count
  for (const column of [store.entropy, store.shares]) {
    for (let index = 0; index < column.length; index++, at += 4) column[index] = view.getFloat32(at, true)
  }
}

function byteLengthFor(nameLength: number, count: number): number {
  return HEADER_BYTE_LENGTH + nameLength + count * (1 + 4 + 4 * CLASS_COUNT) + CHECKSUM_BYTE_LENGTH
}

/** FNV-1a: against damage, not against malice. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c_9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193)
  return hash >>> 0
}
