import type { Handler } from './handler.ts'

/** Beside the ids of documents, which are longer. */
const SUBSCRIPTION = 'jobs'

/** Watching twice is watching once. */
export const watchJobs: Handler<'watchJobs'> = ({ id }, session) => {
  const { principal, services, subscriptions } = session
  if (!subscriptions.has(SUBSCRIPTION)) {
    const unwatch = services.jobs.watch(principal, (job) => session.send({ type: 'job', job }))
    subscriptions.set(SUBSCRIPTION, unwatch)
  }
  // What happened before this moment is in the answer; everything after it comes as `job`.
  session.send({ type: 'jobs', id, jobs: services.jobs.list(principal) })
}
