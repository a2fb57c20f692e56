import type { CompiledQuery } from '../shared/index.ts'
import type { SearchTask, Step } from './task.ts'

export interface Sides {
  /** Hits that begin before the place, last first. */
  readonly below: AsyncGenerator<Step>
  /** Hits that begin at the place or behind, in order. */
  readonly above: AsyncGenerator<Step>
}

/** What finds everything that one kind of query means. */
export interface Engine<Query extends CompiledQuery = CompiledQuery> {
  /** In the task's direction. */
  steps(query: Query, task: SearchTask): AsyncGenerator<Step>
  /** Hits that begin before `place`, wherever they end: last first. */
  stepsBefore(query: Query, task: SearchTask, place: number): AsyncGenerator<Step>
  /** Both sides of `place`: together, the hits of the whole range. */
  sidesOf(query: Query, task: SearchTask, place: number): Promise<Sides>
}
