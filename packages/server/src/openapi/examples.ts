import { JOB_EXAMPLES } from './job_examples.ts'

/** What an operation is asked and answers, by its `operationId`; a test checks each against its schema. */
export interface OperationExamples {
  readonly request?: unknown
  readonly responses?: Readonly<Record<string, unknown>>
}

const DOCUMENT = {
  id: 'S3kqT0mZxVb1Wc9f',
  path: 'evidence/disk.img',
  name: 'disk.img',
  byteLength: 16_492_674_416_640,
  presentByteLength: 16_492_674_416_640,
  disk: 'current',
  revision: 1,
  mode: 'read-only',
  readOnlyReason: 'the server serves read-only; start it with --writable to edit',
} as const

/** One more operation is one more row; a test tells which one is missing. */
export const EXAMPLES: Readonly<Record<string, OperationExamples>> = {
  health: { responses: { 200: { status: 'ok' }, 503: { status: 'closing' } } },
  healthz: { responses: { 200: { status: 'ok' }, 503: { status: 'closing' } } },
  metrics: { responses: { 200: 'mapscope_open_documents 2\n' } },
  createSession: {
    request: { token: 'the-token-of-the-link-that-was-printed' },
    responses: { 200: { version: '1.0.0', isWritable: false, name: 'ada', role: 'view' } },
  },
  createLaunchCode: { responses: { 200: { code: 'opens-one-browser-once' }, 201: { code: 'opens-one-browser-once' } } },
  listFiles: {
    responses: {
      200: {
        path: 'evidence',
        entries: [
          { name: 'logs', path: 'evidence/logs', kind: 'directory' },
          {
            name: 'disk.img',
            path: 'evidence/disk.img',
            kind: 'file',
            byteLength: 16_492_674_416_640,
            modifiedMs: 1_763_893_000_000,
          },
        ],
        isTruncated: false,
      },
    },
  },
  listDocuments: { responses: { 200: { documents: [DOCUMENT] } } },
  openDocument: { request: { path: 'evidence/disk.img' }, responses: { 200: DOCUMENT, 201: DOCUMENT } },
  getDocument: { responses: { 200: { ...DOCUMENT, disk: 'truncated', presentByteLength: 4096, revision: 2 } } },
  reloadDocument: { responses: { 200: { ...DOCUMENT, byteLength: 4096, presentByteLength: 4096, revision: 3 } } },
  editDocument: {
    request: { offset: 4_398_046_511_104, bytes: 'TVo=', expected: 'AAA=' },
    responses: { 200: { revision: 2, offset: 4_398_046_511_104, replaced: 'AAA=' } },
  },
  ...JOB_EXAMPLES,
}

export const PROBLEM_EXAMPLE = {
  type: 'urn:mapscope:problem:ERR_REVISION',
  title: 'The document has another revision',
  status: 409,
  detail: 'revision 1 was asked for, the document has 2',
  code: 'ERR_REVISION',
  revision: 2,
} as const
