import { binding } from '@mapscope/native'
import { osError } from '../native_errors.ts'
import { constants } from './constants.ts'
import { type MapExtent, resolveExtent } from './indexing.ts'
import type { MapState } from './map_state.ts'
import { MAPPING_ACCESS } from './options.ts'
import { toInt, toOptionalSize } from './validate.ts'

export interface FlushOptions {
  /**
   * `MS_SYNC` (the default) waits for the disk. `MS_ASYNC` does not: on Linux, which writes what was stored some time anyway, it does
   * nothing. With `MS_INVALIDATE` other maps of the file see what the disk has, which they do on Linux without it.
   */
  readonly flags?: number | undefined
}

const NOTHING: MapExtent = { offset: 0, byteLength: 0 }

/** What is to be flushed; nothing of maps whose stores do not reach a file, and where the flags ask for nothing. */
export function planFlush(state: MapState, offset: unknown, size: unknown, options: FlushOptions = {}): MapExtent {
  const [from, count] = [toOptionalSize(offset, 'offset'), toOptionalSize(size, 'size')]
  const flags = options.flags === undefined ? undefined : toInt(options.flags, 'flags')
  const extent = resolveExtent(from, count, state.length)
  if (MAPPING_ACCESS[state.plan.access] !== 'write') return NOTHING
  // The kernel's own answers, given here because C++ asserts them.
  const isKnown = flags === undefined || isKnownCombination(flags)
  if (!isKnown || extent.offset % binding.pageSize !== 0) throw osError({ errno: 'EINVAL', syscall: 'msync' })
  return flags === undefined || mustWait(flags) ? extent : NOTHING
}

function isKnownCombination(flags: number): boolean {
  const { MS_SYNC, MS_ASYNC, MS_INVALIDATE } = constants
  const isContradiction = (flags & MS_SYNC) !== 0 && (flags & MS_ASYNC) !== 0
  return !isContradiction && (flags & ~(MS_SYNC | MS_ASYNC | MS_INVALIDATE)) === 0
}

/** Linux' msync does nothing unless it is told MS_SYNC; elsewhere waiting is more than was asked for, and as good. */
function mustWait(flags: number): boolean {
  return (flags & constants.MS_SYNC) !== 0 || process.platform !== 'linux'
}
