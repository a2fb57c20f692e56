import type { ByteRange, CompiledQuery } from '../shared/index.ts'
import type { SearchTask, Step } from './task.ts'

export interface Sides {
  /** Hits that begin before the place, last first. */
  readonly below: AsyncGenerator<Step>
  /** Hits that begin at the place or behind, in order. */
  readonly above: AsyncGenerator<Step>
}

/** What finds everything that one kind of query means. */
export interface Engine<Query = CompiledQuery> {
  /** In the task's direction. */
  steps(query: Query, task: SearchTask): AsyncGenerator<Step>
  /** Hits that begin in `starts`, wherever they end and whatever the first of them overlaps before, in the task's direction. */
  stepsIn(query: Query, task: SearchTask, starts: ByteRange): AsyncGenerator<Step>
  /** Both sides of `place`: together, the hits of the whole range. */
  sidesOf(query: Query, task: SearchTask, place: number): Promise<Sides>
  /** How many bytes behind its begin, at most, a hit keeps others from beginning; 0 where hits do not depend on one another. */
  reachOf(query: Query): number
}
