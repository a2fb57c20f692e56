/** A number read at a place, and how many bytes it took. */
export interface ReadNumber {
  readonly value: bigint | number
  readonly byteLength: number
}
