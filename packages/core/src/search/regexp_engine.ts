import { type ByteRange, type CompiledRegexp, type Hit, HitBatch, MapscopeError } from '../shared/index.ts'
import type { Engine, Sides } from './engine.ts'
import { patternEngine } from './pattern_engine.ts'
import { toExpression } from './regexp/expression.ts'
import type { RegexpBatch } from './regexp/hits.ts'
import { DEFAULT_MAX_MATCH_BYTE_LENGTH } from './regexp/limits.ts'
import { searchRegexp } from './regexp/search_regexp.ts'
import { type DirectEngines, directSteps } from './regexp_direct.ts'
import type { SearchTask, Step } from './task.ts'
import { type TextCharacters, withTextLengths } from './text_lengths.ts'

/**
 * Regular expressions, in worker threads but for those that need no engine. Their matches never overlap, so the alignment picks among those there are. A search from a place
 * outwards takes the two sides as two texts: a match does not reach from one into the other as `search` of the whole range would have it. Texts
 * that came to be expressions are told as every other text.
 */
export const regexpEngine: Engine<CompiledRegexp> = {
  steps: stepsOf,
  stepsIn: (query, task, starts) => {
    const isOverlapping = task.isOverlapping && query.characters !== undefined
    return stepsOf(query, { ...task, isOverlapping }, starts)
  },
  reachOf: ({ source: pattern, flags, isAsciiCaseInsensitive, maxMatchByteLength = DEFAULT_MAX_MATCH_BYTE_LENGTH }) =>
    Math.min(maxMatchByteLength, toExpression({ pattern, flags, isAsciiCaseInsensitive }).reach.maxByteLength),
  sidesOf: async (query, task, place) => {
    if (query.characters !== undefined) return await textSides(query, task, place)
    return {
      below: stepsOf(query, { ...task, range: { start: task.range.start, end: place }, direction: 'backward' }),
      above: stepsOf(query, { ...task, range: { start: place, end: task.range.end }, direction: 'forward' }),
    }
  },
}

const DIRECT_ENGINES: DirectEngines = { patterns: patternEngine, expressions: regexpSteps }

function stepsOf(query: CompiledRegexp, task: SearchTask, starts?: ByteRange): AsyncGenerator<Step> {
  const { characters } = query
  if (task.isOverlapping && characters !== undefined)
    return everyPlace({ ...query, characters }, { ...task, isOverlapping: false }, starts)
  return directSteps(query, task, { engines: DIRECT_ENGINES, starts }) ?? regexpSteps(query, task, starts)
}

/** Also hits that overlap: the expression finds a byte that the text begins at, and the bytes there tell how long it is. */
async function* everyPlace(
  query: CompiledRegexp & { readonly characters: TextCharacters },
  task: SearchTask,
  starts?: ByteRange,
): AsyncGenerator<Step> {
  const beginnings = { ...query, source: `(?=${query.source})[^]` }
  for await (const step of regexpSteps(beginnings, task, starts)) {
    const { batch } = step
    yield batch === undefined ? step : { ...step, batch: await withTextLengths(batch, query.characters, task) }
  }
}

/** A hit may lie across the place: it is told below, and keeps those that it overlaps from being told above. */
async function textSides(query: CompiledRegexp, task: SearchTask, place: number): Promise<Sides> {
  const { start, end } = task.range
  const reach = (query.maxMatchByteLength ?? 1) - 1
  const backward = { ...task, direction: 'backward' } as const
  const below = (): AsyncGenerator<Step> => stepsOf(query, backward, { start, end: place })
  let from = place
  if (!task.isOverlapping) {
    const across = { start: Math.max(start, place - reach), end: place }
    // Only where one may lie across the place is it worth to know the last hit before, which may be far.
    const isNear = (await firstTold(stepsOf(query, { ...backward, isOverlapping: true }, across))) !== undefined
    const last = isNear ? await firstTold(below()) : undefined
    if (last !== undefined) from = Math.max(place, last.offset + last.byteLength)
  }
  return { below: below(), above: stepsOf(query, { ...task, range: { start: from, end }, direction: 'forward' }) }
}

async function firstTold(steps: AsyncGenerator<Step>): Promise<Hit | undefined> {
  for await (const { batch } of steps) if (batch !== undefined && batch.length > 0) return batch.at(0)
  return undefined
}

async function* regexpSteps(
  { source, flags, isAsciiCaseInsensitive, maxMatchByteLength }: CompiledRegexp,
  task: SearchTask,
  starts: ByteRange = task.range,
): AsyncGenerator<Step> {
  if (task.isOverlapping)
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'Matches of a regular expression (as are gaps of more than one length) do not overlap; leave isOverlapping out.',
    )
  const { range, direction, signal, onProgress } = task
  const query = { pattern: source, flags, isAsciiCaseInsensitive, maxMatchByteLength }
  const isWanted = (offset: number): boolean => offset % task.alignment === 0
  const isFiltered = task.alignment > 1
  const limit = isFiltered ? undefined : task.limit
  const options = { range, starts, direction, signal, onProgress, limit }
  for await (const batch of searchRegexp(task.source, query, options)) {
    const hits = isFiltered ? filtered(batch, isWanted) : new HitBatch(batch)
    const last = batch.offsets[batch.length - 1]
    if (last === undefined) continue
    // Of all matches: those that no alignment picks keep others from beginning, too.
    const lastEnd = batch.endOf(batch.length - 1)
    yield { count: hits.length, batch: hits, settledTo: direction === 'forward' ? last + 1 : last, lastEnd }
  }
}

function filtered(batch: RegexpBatch, isWanted: (offset: number) => boolean): HitBatch {
  const hits = new HitBatch(batch)
  const indexes = Array.from({ length: hits.length }, (_, index) => index)
  return hits.pick(indexes.filter((index) => isWanted(hits.offsets[index] as number)))
}
