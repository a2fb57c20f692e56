import { types } from 'node:util'
import type { NativeError } from '@mapscope/native'
import { faultError, translated } from '../native_errors.ts'
import { type ByteRange, MapscopeError } from '../shared/index.ts'
import type { MapState } from './map_state.ts'
import { firstMatch, type RegExpMatch } from './regexp_windows.ts'
import { takeFault, viewFaults } from './view_faults.ts'

/** The engine's string that holds the bytes searched last would stay for as long as nothing else is matched. */
const DISTRACTION = /x/

/** A matcher of its own: neither the caller's `lastIndex`, nor an `exec` that somebody replaced, takes part. */
export function toMatcher(value: unknown): RegExp {
  if (!types.isRegExp(value))
    throw new MapscopeError('ERR_ARGUMENT', 'The expression must be a RegExp; for bytes as they are use find.')
  const { source, flags } = value
  const wanted = new Set([...flags, 'd', ...(flags.includes('y') ? [] : 'g')])
  return new RegExp(source, [...wanted].join(''))
}

/**
 * The leftmost match in the range.
 *
 * @throws `ERR_FAULT` where bytes that decide it cannot be read; `ERR_RANGE` for a match longer than the engine's strings.
 */
export function searchRegExp(state: MapState, matcher: RegExp, range: ByteRange): RegExpMatch | undefined {
  state.assertReadable(range.start)
  // What raw memory met earlier is told here, as by any call, and is not taken for this search's.
  translated(() => state.native.copyOut(0, new Uint8Array(0)), state.context)
  try {
    const { match, fault, isWhole } = runMatcher(state, matcher, range)
    if (isWhole) return match
    const fileEnd = endInFile(state)
    if (fileEnd < range.end) return searchBefore(fileEnd, { state, matcher, start: range.start })
    if (fault !== undefined) throw fault
    return match
  } finally {
    state.text.settle()
    DISTRACTION.test('x')
  }
}

interface CutSearch {
  readonly state: MapState
  readonly matcher: RegExp
  readonly start: number
}

/** Of a file that was cut, what lies wholly before its end is found; what touches the end might have gone on, or not have been. */
function searchBefore(end: number, { state, matcher, start }: CutSearch): RegExpMatch | undefined {
  if (end <= start) throw lostAt(start, state)
  const { match, fault } = runMatcher(state, matcher, { start, end })
  if (fault !== undefined) throw fault
  const lost = Math.min(end, endInFile(state))
  if (match?.captures[0] === undefined || match.captures[0].end >= lost) throw lostAt(lost, state)
  return match
}

interface Run {
  readonly match: RegExpMatch | undefined
  /** The engine has met what cannot be read, and went on with zeros. */
  readonly fault: MapscopeError | undefined
  /** It is certain that the file has all of the range: a byte at its end is not zero, as all are behind the end of a shared file in its last page. */
  readonly isWhole: boolean
}

/** Runs the engine's own code over the bytes. */
function runMatcher({ native, plan, context, text }: MapState, matcher: RegExp, range: ByteRange): Run {
  const faults = viewFaults()
  const match = translated(() => firstMatch(matcher, range, text), context)
  const isWhole = plan.isShared && text.byteBefore(range.end) !== 0
  // Or a view of another map has faulted, which is no harm here.
  const error = viewFaults() === faults ? undefined : takeFault(native)
  if (error === undefined) return { match, fault: undefined, isWhole }
  const { offset, fileByteLength } = error as NativeError
  return { match, fault: faultError({ offset, fileByteLength, cause: error, ...context }), isWhole: false }
}

/** Where in the map the file ends: past that, the last page shows zeros that are no bytes. */
function endInFile({ native, plan, context }: MapState): number {
  if (plan.isAnonymous || !plan.keepsFile) return Number.POSITIVE_INFINITY
  const { kind, byteLength } = translated(() => native.status(), context)
  return kind === 'file' ? Math.max(0, byteLength - plan.offset) : Number.POSITIVE_INFINITY
}

function lostAt(offset: number, state: MapState): MapscopeError {
  const { byteLength } = translated(() => state.native.status(), state.context)
  return faultError({ offset, fileByteLength: byteLength, ...state.context })
}
