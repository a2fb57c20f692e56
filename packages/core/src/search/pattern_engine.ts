import type { ByteRange } from '../shared/index.ts'
import { nativeLanes } from '../source/lanes.ts'
import { backwardSteps } from './backward.ts'
import { chainEnd } from './clusters.ts'
import type { Engine, Sides } from './engine.ts'
import { forwardSteps } from './forward.ts'
import { ENGINE_LIMITS, type EngineLimits } from './limits.ts'
import { PatternRun, placesIn } from './pattern_run.ts'
import { type PatternQuery, planOf } from './plan.ts'
import type { Places, SearchTask } from './task.ts'
import { Unreadable } from './unreadable.ts'

/** One more than there are lanes: a result is looked at while the lanes go on. */
const WINDOWS_AHEAD: number = nativeLanes.limit + 1

/** The engine of everything that a matcher can find, with windows of any size, so that tests see their edges. */
export function patternEngineWith(limits: EngineLimits): Engine<PatternQuery> {
  return {
    steps: (query, task) => {
      const run = runOf(query, task, limits)
      const places = placesIn(task.range, run.plan)
      const walk = task.direction === 'forward' ? forwardSteps : backwardSteps
      return walk(run, places, WINDOWS_AHEAD)
    },
    stepsIn: (query, task, starts) => {
      const run = runOf(query, task, limits)
      const walk = task.direction === 'forward' ? forwardSteps : backwardSteps
      return walk(run, within(placesIn(task.range, run.plan), starts), WINDOWS_AHEAD)
    },
    reachOf: (query) => {
      const { chain, maxByteLength } = planOf(query, { alignment: 1, isOverlapping: false })
      return chain === 'none' ? 0 : maxByteLength
    },
    sidesOf: (query, task, place) => sidesOf(runOf(query, { ...task, onProgress: undefined }, limits), task, place),
  }
}

export const patternEngine: Engine<PatternQuery> = patternEngineWith(ENGINE_LIMITS)

async function sidesOf(run: PatternRun, task: SearchTask, place: number): Promise<Sides> {
  const places = placesIn(task.range, run.plan)
  const start = Math.min(Math.max(place, places.start), places.end)
  const chainFrom = await chainEnd(run, places, start)
  return {
    below: backwardSteps(run, within(places, { start: places.start, end: start }), WINDOWS_AHEAD),
    above: forwardSteps(run, { ...places, start, chainFrom }, WINDOWS_AHEAD),
  }
}

function within(places: Places, starts: ByteRange): Places {
  const start = Math.min(Math.max(places.start, starts.start), places.end)
  return { ...places, start, end: Math.max(start, Math.min(places.end, starts.end)) }
}

function runOf(query: PatternQuery, task: SearchTask, limits: EngineLimits): PatternRun {
  const { source, range, signal, alignment, isOverlapping, isCountOnly, limit, onProgress } = task
  const unreadable = new Unreadable(range, (found) => task.onUnreadable([found]))
  const plan = planOf(query, { alignment, isOverlapping })
  // From the end, the hits wanted are a window's last ones, which only the whole window tells.
  const hitsWanted = task.direction === 'forward' ? limit : Number.POSITIVE_INFINITY
  return new PatternRun({ source, plan, limits, signal, unreadable, isCountOnly, hitsWanted, onProgress })
}
