/** Fewest hex digits an offset is shown with: the width of a 32-bit one, so that columns of small files line up as well. */
const MIN_OFFSET_DIGITS = 8

const BYTE_TEXTS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
)

/** How many hex digits every offset of a source fits in: 8, or more when it is larger than 4 GiB. */
export function offsetDigits(byteLength: number): number {
  const last = Math.max(0, byteLength - 1)
  return Math.max(MIN_OFFSET_DIGITS, last.toString(16).length)
}

/** An offset as uppercase hex, padded with zeros to `digits`, without a prefix. */
export function formatOffset(offset: number, digits: number): string {
  return offset.toString(16).toUpperCase().padStart(digits, '0')
}

/** A byte (0 to 255) as two uppercase hex digits. */
export function formatByte(byte: number): string {
  return BYTE_TEXTS[byte] as string
}

export function isPrintableAscii(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e
}

/** The character of a text column: printable ASCII as itself, anything else as `.`. */
export function printableCharacter(byte: number): string {
  return isPrintableAscii(byte) ? String.fromCharCode(byte) : '.'
}
