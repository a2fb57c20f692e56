import type { NativeError } from '@mapscope/native'

/** Other threads go on meeting faults until they notice. */
const MAX_TOLD = 100

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
      if (count === MAX_TOLD || code !== 'FAULT' || isInView !== true) throw error
    }
  }
}
