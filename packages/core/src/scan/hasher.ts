/** A hash that takes its bytes piece by piece, for one message after the other. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** Lower-case hexadecimal, as `sha256sum` writes it. Ends the message; the next byte is the first of another. */
  digest(): string
}
