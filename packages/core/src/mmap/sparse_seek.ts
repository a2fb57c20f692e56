import { osError } from '../native_errors.ts'
import type { MapState } from './map_state.ts'

/** First byte at or after `place` that the file has stored. @throws `ERR_OS` `ENXIO` when the map has none, as lseek(2). */
export function nextData(state: MapState, place: number): number {
  const { length, plan, native } = state
  if (place < length && plan.isAnonymous) return place
  const found = place < length ? native.seekData(plan.offset + place) - plan.offset : -1
  if (found < 0 || found >= length) throw osError({ errno: 'ENXIO', syscall: 'lseek' })
  return found
}

/** First byte at or after `place` that the file has not stored; the map's end when all that follows is. */
export function nextHole(state: MapState, place: number): number {
  const { length, plan, native } = state
  if (place === length) throw osError({ errno: 'ENXIO', syscall: 'lseek' })
  if (plan.isAnonymous) return length
  const found = native.seekHole(plan.offset + place) - plan.offset
  if (found < 0) throw osError({ errno: 'ENXIO', syscall: 'lseek' })
  return Math.min(found, length)
}
