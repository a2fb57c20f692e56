import type { OperationExamples } from './examples.ts'

const JOB = {
  id: 'q1pXw0ZsYb7KfGtA',
  kind: 'search',
  documentId: 'S3kqT0mZxVb1Wc9f',
  path: 'evidence/disk.img',
  principal: 'ada',
  state: 'running',
  createdMs: 1_763_893_000_000,
  startedMs: 1_763_893_000_004,
  range: { start: 0, end: 16_492_674_416_640 },
  scanned: 8_589_934_592,
  total: 16_492_674_416_640,
  shards: { done: 4, count: 7_680 },
  rowCount: 2,
  unreadable: [],
  hasChanged: false,
} as const

const SEARCH = { query: { kind: 'hex', text: '4D 5A ?? ?? 50' }, limit: 1_000 } as const
const HASH = { kind: 'hash', algorithms: ['sha256'] } as const
const SUBMITTED = { ...JOB, state: 'queued', scanned: 0, rowCount: 0, request: { kind: 'search', ...SEARCH } } as const

export const JOB_EXAMPLES: Readonly<Record<string, OperationExamples>> = {
  listJobs: { responses: { 200: { jobs: [JOB] } } },
  listDocumentJobs: { responses: { 200: { jobs: [JOB] } } },
  getJob: { responses: { 200: { ...JOB, request: { kind: 'search', ...SEARCH } } } },
  getJobResults: {
    responses: {
      200: {
        state: 'running',
        start: 0,
        rowCount: 2,
        rows: [
          { offset: 4_096, byteLength: 5 },
          { offset: 5_368_709_120, byteLength: 5 },
        ],
      },
    },
  },
  getJobDensity: { responses: { 200: { range: JOB.range, counts: [2, 0, 0, 0] } } },
  deleteJob: { responses: { 200: { ...JOB, state: 'cancelled' } } },
  submitJob: { request: { kind: 'search', ...SEARCH }, responses: { 201: SUBMITTED, 202: SUBMITTED } },
  submitSearch: { request: SEARCH, responses: { 201: SUBMITTED, 202: SUBMITTED } },
  submitAnalysis: {
    request: HASH,
    responses: {
      201: { ...SUBMITTED, kind: 'hash', request: HASH },
      202: { ...SUBMITTED, kind: 'hash', request: HASH },
    },
  },
}
