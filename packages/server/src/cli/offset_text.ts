import { formatOffset, offsetDigits } from '@mapscope/core'

/** `0x0000001F`: as wide as the file's last offset, so that columns line up. */
export function offsetText(offset: number, byteLength: number): string {
  return `0x${formatOffset(offset, offsetDigits(byteLength))}`
}
