import { type CompiledRegexp, HitBatch, MapscopeError } from '../shared/index.ts'
import type { Engine } from './engine.ts'
import type { RegexpBatch } from './regexp/hits.ts'
import { DEFAULT_MAX_MATCH_BYTE_LENGTH } from './regexp/limits.ts'
import { searchRegexp } from './regexp/search_regexp.ts'
import type { SearchTask, Step } from './task.ts'

/**
 * Regular expressions, in worker threads. Their matches never overlap, so the alignment picks among those there are. A search from a place
 * outwards takes the two sides as two texts: a match does not reach from one into the other as `search` of the whole range would have it.
 */
export const regexpEngine: Engine<CompiledRegexp> = {
  steps: regexpSteps,
  stepsBefore: (query, task, place) => {
    // A match that begins before the place ends within the longest length behind it.
    const longest = query.maxMatchByteLength ?? DEFAULT_MAX_MATCH_BYTE_LENGTH
    const range = { start: task.range.start, end: Math.min(task.range.end, place + longest) }
    return regexpSteps(query, { ...task, isOverlapping: false, range, direction: 'backward' }, place)
  },
  sidesOf: async (query, task, place) => ({
    below: regexpSteps(query, { ...task, range: { start: task.range.start, end: place }, direction: 'backward' }),
    above: regexpSteps(query, { ...task, range: { start: place, end: task.range.end }, direction: 'forward' }),
  }),
}

async function* regexpSteps(
  { source, flags, isAsciiCaseInsensitive, maxMatchByteLength }: CompiledRegexp,
  task: SearchTask,
  startsBefore = Number.POSITIVE_INFINITY,
): AsyncGenerator<Step> {
  if (task.isOverlapping)
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'Matches of a regular expression (as are gaps of more than one length) do not overlap; leave isOverlapping out.',
    )
  const { range, direction, signal, onProgress } = task
  const query = { pattern: source, flags, isAsciiCaseInsensitive, maxMatchByteLength }
  const isWanted = (offset: number): boolean => offset % task.alignment === 0 && offset < startsBefore
  const isFiltered = task.alignment > 1 || startsBefore < range.end
  const limit = isFiltered ? undefined : task.limit
  for await (const batch of searchRegexp(task.source, query, { range, direction, signal, onProgress, limit })) {
    const hits = isFiltered ? filtered(batch, isWanted) : new HitBatch(batch)
    const last = hits.offsets[hits.length - 1]
    if (last === undefined) continue
    yield { count: hits.length, batch: hits, settledTo: direction === 'forward' ? last + 1 : last }
  }
}

function filtered(batch: RegexpBatch, isWanted: (offset: number) => boolean): HitBatch {
  const hits = new HitBatch(batch)
  const indexes = Array.from({ length: hits.length }, (_, index) => index)
  return hits.pick(indexes.filter((index) => isWanted(hits.offsets[index] as number)))
}
