import type { ReadNumber } from './read_number.ts'

/** Seven bits a byte: ten hold 64 bits. Longer ones, padded or not, are no number to us. */
const MAX_BYTE_LENGTH = 10

/** Canonical or padded; `undefined` when it does not end in time, or does not fit 64 bits. */
export function readUnsignedLeb128(view: DataView, at: number): ReadNumber | undefined {
  const read = readBits(view, at)
  return read !== undefined && read.value < 1n << 64n ? read : undefined
}

/** The same with a sign: bit 6 of the last byte goes on above it. */
export function readSignedLeb128(view: DataView, at: number): ReadNumber | undefined {
  const read = readBits(view, at)
  if (read === undefined) return undefined
  const value = BigInt.asIntN(7 * read.byteLength, read.value)
  return value === BigInt.asIntN(64, value) ? { value, byteLength: read.byteLength } : undefined
}

function readBits(view: DataView, at: number): { readonly value: bigint; readonly byteLength: number } | undefined {
  let value = 0n
  for (let length = 0; length < MAX_BYTE_LENGTH && at + length < view.byteLength; length++) {
    const byte = view.getUint8(at + length)
    value |= BigInt(byte & 0x7f) << BigInt(7 * length)
    if (byte < 0x80) return { value, byteLength: length + 1 }
  }
  return undefined
}
