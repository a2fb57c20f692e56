import type { NativeError } from '@mapscope/native'

/** A thread in the middle of lost bytes goes on meeting faults, each as soon as a call here has put the file back, for as long as its window takes. */
const MAX_TOLD = 1_000
const TOLD_AT_ONCE = 3
const CLOCK: Int32Array = new Int32Array(new SharedArrayBuffer(4))

/** Lets the other threads come on, in time that grows no longer than what they need. */
export function giveWay(count: number): void {
  if (count >= TOLD_AT_ONCE) Atomics.wait(CLOCK, 0, 0, 1)
}

export function isToldTooOften(count: number): boolean {
  return count === MAX_TOLD
}

/**
 * Runs a call of a source's mapping. Raw memory of it is only in the hands of the source's own threads, which tell themselves what they met there; the
 * addon tells it to every object over the same pages, once each, by failing the next call.
 */
export function pastViewFaults<T>(call: () => T): T {
  for (let count = 0; ; count++) {
    try {
      return call()
    } catch (error) {
      const { code, isInView } = error as Partial<NativeError>
      if (isToldTooOften(count) || code !== 'FAULT' || isInView !== true) throw error
      giveWay(count)
    }
  }
}
