import type { ByteRange, CompiledRegexp, HitBatch, SequencePattern } from '../shared/index.ts'
import { plainMatcher } from '../shared/search/matcher.ts'
import type { Engine } from './engine.ts'
import type { PatternQuery } from './plan.ts'
import { toExpression } from './regexp/expression.ts'
import type { SearchTask, Step } from './task.ts'

export interface DirectEngines {
  readonly patterns: Engine<PatternQuery>
  /** What the engine of expressions does. */
  expressions(query: CompiledRegexp, task: SearchTask, starts: ByteRange): AsyncGenerator<Step>
}

export interface DirectOptions {
  readonly engines: DirectEngines
  /** Only hits that begin here. Default: the task's range. */
  readonly starts?: ByteRange | undefined
}

/**
 * The steps of an expression that needs no engine, for the native matchers to take on the pool: no threads, no texts, none of V8's clearing up after
 * them. Undefined for others, and where the source has no matcher of its own: this thread would have to do it all.
 */
export function directSteps(
  query: CompiledRegexp,
  task: SearchTask,
  { engines, starts = task.range }: DirectOptions,
): AsyncGenerator<Step> | undefined {
  // An alignment picks among the matches there are; a matcher's hits overlap only those that are aligned.
  if (task.source.matchIn === undefined || task.alignment !== 1 || task.isOverlapping) return undefined
  const { source: pattern, flags, isAsciiCaseInsensitive } = query
  const { needles, isWholeNeedle, sequence } = toExpression({ pattern, flags, isAsciiCaseInsensitive })
  const [needle] = needles ?? []
  if (isWholeNeedle && needle !== undefined) {
    const { values, masks } = needle
    const bytes = { kind: 'bytes', pattern: { kind: 'bytes', values, masks } } as const
    return engines.patterns.stepsIn(bytes, task, starts)
  }
  if (sequence === undefined || task.direction === 'backward') return undefined
  return sequenceSteps(query, sequence, task, { engines, starts })
}

/** Until a match is met that the matcher does not follow to its end: nothing before it matters to an expression that looks at nothing but its match. */
async function* sequenceSteps(
  query: CompiledRegexp,
  pattern: SequencePattern,
  task: SearchTask,
  { engines: { patterns, expressions }, starts }: { readonly engines: DirectEngines; readonly starts: ByteRange },
): AsyncGenerator<Step> {
  const { maxByteLength } = plainMatcher(pattern)
  const walked = { ...task, isCountOnly: false }
  for await (const step of patterns.stepsIn({ kind: 'sequence', pattern }, walked, starts)) {
    const { batch } = step
    const open = batch === undefined ? -1 : firstLongerThan(maxByteLength, batch)
    if (batch === undefined || open < 0) {
      yield step
      continue
    }
    const place = batch.offsets[open] as number
    yield { count: open, batch: batch.slice(0, open), settledTo: place }
    const onProgress = progressFrom(place, starts, task.onProgress)
    yield* expressions(query, { ...task, onProgress }, { start: place, end: starts.end })
    return
  }
}

function firstLongerThan(byteLength: number, batch: HitBatch): number {
  const { byteLengths } = batch
  return typeof byteLengths === 'number' ? -1 : byteLengths.findIndex((length) => length > byteLength)
}

function progressFrom(
  place: number,
  { start, end }: ByteRange,
  onProgress: SearchTask['onProgress'],
): SearchTask['onProgress'] {
  return onProgress && (({ scanned }) => onProgress({ scanned: place - start + scanned, total: end - start }))
}
