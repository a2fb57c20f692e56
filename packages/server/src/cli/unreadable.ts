import { type ByteRange, MapscopeError, mergeRanges } from '@mapscope/core'

/** What a scan had to step over: an error in the end, for nobody knows what is there. */
export class Unreadable {
  #ranges: readonly ByteRange[] = []

  add(ranges: readonly ByteRange[]): void {
    if (ranges.length > 0) this.#ranges = mergeRanges([...this.#ranges, ...ranges])
  }

  /** @throws `ERR_FAULT` with the first place. */
  assertNone(): void {
    const first = this.#ranges[0]
    if (first === undefined) return
    const byteLength = this.#ranges.reduce((sum, { start, end }) => sum + (end - start), 0)
    throw new MapscopeError(
      'ERR_FAULT',
      `${byteLength} bytes could not be read, the first of them at offset ${first.start}: the file was cut short, or its disk is failing.`,
      { offset: first.start },
    )
  }
}
