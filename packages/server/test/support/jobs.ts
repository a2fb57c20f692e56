import type { JobDetail, JobRequest, JobResults, JobRow } from '@mapscope/protocol'
import { eventually } from './eventually.ts'
import type { Serving } from './serving.ts'

export interface Finished {
  readonly job: JobDetail
  readonly rows: readonly JobRow[]
}

export async function submit(serving: Serving, documentId: string, request: JobRequest): Promise<JobDetail> {
  const answer = await serving.ask(`/api/v1/documents/${documentId}/jobs`, { method: 'POST', body: request })
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`)
  return JSON.parse(String(answer.body)) as JobDetail
}

export async function getJob(serving: Pick<Serving, 'ask'>, id: string): Promise<JobDetail> {
  const { status, body } = await serving.ask(`/api/v1/jobs/${id}`)
  if (status !== 200) throw new Error(`${status} ${body}`)
  return JSON.parse(String(body)) as JobDetail
}

export async function getResults(serving: Pick<Serving, 'ask'>, id: string, query = ''): Promise<JobResults> {
  const { status, body } = await serving.ask(`/api/v1/jobs/${id}/results${query}`)
  if (status !== 200) throw new Error(`${status} ${body}`)
  return JSON.parse(String(body)) as JobResults
}

/** Waits until the job has ended, whatever way. */
export async function ended(serving: Pick<Serving, 'ask'>, id: string, timeoutMs = 30_000): Promise<JobDetail> {
  return await eventually(async () => {
    const job = await getJob(serving, id)
    if (job.state === 'queued' || job.state === 'running') throw new Error(`still ${JSON.stringify(job)}`)
    return job
  }, timeoutMs)
}

/** Does a job to its end and takes all its rows, page by page. */
export async function finish(serving: Serving, documentId: string, request: JobRequest): Promise<Finished> {
  const { id } = await submit(serving, documentId, request)
  const job = await ended(serving, id)
  if (job.state !== 'done') throw new Error(`${job.state}: ${JSON.stringify(job.problem)}`)
  const rows: JobRow[] = []
  while (rows.length < job.rowCount) {
    const page = await getResults(serving, id, `?start=${rows.length}&limit=777`)
    if (page.rows.length === 0) throw new Error(`no rows from ${rows.length} on, of ${job.rowCount}`)
    rows.push(...page.rows)
  }
  return { job, rows }
}
