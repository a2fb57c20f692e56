import { JobState } from '@mapscope/protocol'
import type { Jobs } from '../jobs/jobs.ts'
import type { Metrics } from './metrics.ts'

const STATES: readonly JobState[] = JobState.anyOf.map((state) => state.const)

/** The queue, and what has come of what was in it. */
export function addJobGauges(metrics: Metrics, jobs: Jobs): void {
  metrics.gauge('mapscope_jobs', {
    help: 'Jobs that are kept, by state.',
    labels: ['state'],
    read: () => {
      const counts = jobs.countByState()
      return STATES.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 }))
    },
  })
}
