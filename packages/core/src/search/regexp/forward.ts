import type { ByteRange } from '../../shared/index.ts'
import { Chain, type Guess } from './chain.ts'
import { RegexpBatch } from './hits.ts'
import type { SearchSubject } from './subject.ts'
import { windowsOf } from './windows.ts'
import { ZeroWindows } from './zeros.ts'
import type { Zone } from './zones.ts'

/** How far a search has come: all starts before `at` are decided. */
export interface Place {
  at: number
}

const NOTHING: RegexpBatch = new RegexpBatch(new Float64Array(0), new Uint32Array(0))

interface Ahead {
  readonly zone: Zone
  /** Absent for zeros, which are not run ahead. */
  readonly guess: Promise<Guess> | undefined
}

/**
 * The matches that begin in `starts`, in order; an empty batch behind each window tells of progress. Windows are run ahead on all threads of the search; each is followed in its turn.
 *
 * @param place told after each window; it is at the end of `starts`, or of the last match, when the last has been.
 */
export async function* forwardHits(
  subject: SearchSubject,
  starts: ByteRange,
  place: Place,
): AsyncGenerator<RegexpBatch> {
  const chain = new Chain(subject, starts.start, (window) => subject.jobs.run(window))
  const zeros = new ZeroWindows((window) => subject.jobs.run(window))
  for await (const { zone, guess } of runAhead(subject, starts, chain)) {
    const followed = guess === undefined ? zeros.follow(subject, zone, chain) : chain.follow(await guess)
    for await (const batch of followed) {
      place.at = chain.at
      yield batch
    }
    chain.at = Math.max(chain.at, zone.end)
    place.at = chain.at
    yield NOTHING
  }
}

/** The windows in order, as many of them running as there are threads. */
async function* runAhead(subject: SearchSubject, starts: ByteRange, chain: Chain): AsyncGenerator<Ahead> {
  const windows = windowsOf(subject, starts)
  const ahead: Ahead[] = []
  let isOver = false
  let failure: { readonly error: unknown } | undefined
  while (true) {
    while (!isOver && ahead.length < subject.jobs.lanes) {
      // What goes wrong ahead is told behind the hits before it.
      const next = await windows.next().catch((error: unknown) => {
        failure = { error }
        return { done: true as const, value: undefined }
      })
      if (next.done === true) isOver = true
      else if (next.value.end > chain.at) ahead.push({ zone: next.value, guess: guessed(subject, next.value, chain) })
    }
    const first = ahead.shift()
    if (first === undefined) {
      if (failure !== undefined) throw failure.error
      return
    }
    yield first
  }
}

function guessed(subject: SearchSubject, zone: Zone, chain: Chain): Promise<Guess> | undefined {
  if (zone.kind === 'zeros') return undefined
  const window = chain.windowOf({ start: Math.max(zone.start, chain.at), end: zone.end })
  const guess = subject.jobs.run(window).then((report) => ({ window, report }))
  // It may fail when nobody waits for it any more.
  guess.catch(() => undefined)
  return guess
}
