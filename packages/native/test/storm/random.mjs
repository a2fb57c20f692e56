/** mulberry32, as test/support/random.ts, with the few draws that a storm needs. */
export class Random {
  #state

  constructor(seed) {
    this.#state = seed
  }

  below(limit) {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }

  chance(oneIn) {
    return this.below(oneIn) === 0
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  /** By each entry's `weight`. */
  weighted(list) {
    const total = list.reduce((sum, { weight }) => sum + weight, 0)
    let left = this.below(total)
    return list.find(({ weight }) => {
      left -= weight
      return left < 0
    })
  }

  /** Half-open, in [0, limit]; short ones are as likely as long ones, and the very end as the middle. */
  range(limit, longest = limit) {
    const most = Math.min(limit, longest)
    const byteLength = this.chance(2) ? this.below(Math.min(most, 64) + 1) : this.below(most + 1)
    const start = this.chance(6) ? limit - byteLength : this.below(limit - byteLength + 1)
    return { start, end: start + byteLength }
  }

  /** Of few kinds of bytes, so that what is searched for is often there, and never a zero: a zero is always the kernel's. */
  bytes(byteLength) {
    const bytes = new Uint8Array(byteLength)
    for (let at = 0; at < byteLength; at++) bytes[at] = 1 + this.below(this.chance(8) ? 255 : 3)
    return bytes
  }
}
