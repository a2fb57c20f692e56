/** Of these lengths of a message the header of a WebSocket frame has another size (RFC 6455 §5.2). */
const SHORT_LIMIT = 125
const MEDIUM_LIMIT = 65_535
const FINAL_BINARY = 0x82

/** How many bytes come before a binary message of that length. */
export function binaryHeaderByteLength(byteLength: number): number {
  if (byteLength <= SHORT_LIMIT) return 2
  return byteLength <= MEDIUM_LIMIT ? 4 : 10
}

/**
 * Writes what goes before a binary message of a server: whole, not masked, without an extension. By ourselves, so that this, our own header and
 * the bytes are one piece of memory: ws makes a buffer and a write of its own for it.
 */
export function writeBinaryHeader(target: Buffer, at: number, byteLength: number): void {
  target[at] = FINAL_BINARY
  if (byteLength <= SHORT_LIMIT) {
    target[at + 1] = byteLength
    return
  }
  if (byteLength <= MEDIUM_LIMIT) {
    target[at + 1] = 126
    target[at + 2] = byteLength >>> 8
    target[at + 3] = byteLength
    return
  }
  target[at + 1] = 127
  target.writeUInt32BE(Math.floor(byteLength / 2 ** 32), at + 2)
  target.writeUInt32BE(byteLength % 2 ** 32, at + 6)
}
