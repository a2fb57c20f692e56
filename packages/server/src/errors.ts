import type { Problem, ProblemCode } from '@mapscope/protocol'

interface ProblemKind {
  readonly status: number
  readonly title: string
}

/** The table: every answer that is a refusal or a failure, over HTTP and over the socket, is one of these rows. */
export const PROBLEMS: { readonly [Code in ProblemCode]: ProblemKind } = {
  ERR_UNAUTHORIZED: { status: 401, title: 'The token is missing or wrong' },
  ERR_ROLE: { status: 403, title: 'The token does not allow it' },
  ERR_HOST_NOT_ALLOWED: { status: 421, title: 'This server does not answer to that host name' },
  ERR_ORIGIN_NOT_ALLOWED: { status: 403, title: 'Another web site may not use this server' },
  ERR_REQUEST: { status: 400, title: 'The request is malformed' },
  ERR_NOT_FOUND: { status: 404, title: 'There is no such thing' },
  ERR_METHOD: { status: 405, title: 'The address is there, and takes other methods' },
  ERR_FORBIDDEN: { status: 403, title: 'The system does not permit it' },
  ERR_OUTSIDE_ROOTS: { status: 403, title: 'The path leaves what is served' },
  ERR_NOT_A_FILE: { status: 422, title: 'Not a regular file' },
  ERR_NOT_A_DIRECTORY: { status: 422, title: 'Not a folder' },
  ERR_READ_ONLY: { status: 403, title: 'The document is read-only' },
  ERR_RANGE: { status: 422, title: 'Outside the document' },
  ERR_RANGE_NOT_SATISFIABLE: { status: 416, title: 'No byte of the file lies in the range' },
  ERR_PRECONDITION: { status: 412, title: 'The file is not the one the request was meant for' },
  ERR_TOO_LARGE: { status: 413, title: 'The request carries too much' },
  ERR_REVISION: { status: 409, title: 'The document has another revision' },
  ERR_CONFLICT: { status: 409, title: 'Other bytes are there than were expected' },
  ERR_UNREADABLE: { status: 410, title: 'The bytes cannot be read' },
  ERR_UNSUPPORTED: { status: 501, title: 'Not supported here' },
  ERR_TOO_MANY: { status: 429, title: 'Too many at once' },
  ERR_CLOSING: { status: 503, title: 'The server is ending' },
  ERR_AUDIT: { status: 503, title: 'The audit trail cannot be written' },
  ERR_TIMEOUT: { status: 422, title: 'It takes longer than is allowed' },
  ERR_OS: { status: 500, title: 'The system refused' },
  ERR_INTERNAL: { status: 500, title: 'The server failed' },
}

/** What some codes carry beyond the detail; see `Problem` in the protocol. */
export type ProblemExtras = Partial<
  Pick<Problem, 'errno' | 'revision' | 'unreadable' | 'present' | 'presentByteLength'>
>

export interface ProblemErrorOptions {
  /** Instead of the row's own: 503 for an `ERR_OS` that goes away by itself. */
  readonly status?: number
  readonly extras?: ProblemExtras
  /** Headers that belong to the answer, as `content-range` to a 416. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Thrown anywhere below a route or a socket handler; `plugins/errors.ts` and the socket turn it into its row. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly status: number
  readonly extras: ProblemExtras
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, detail: string, options: ProblemErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? PROBLEMS[code].status
    this.extras = options.extras ?? {}
    this.headers = options.headers ?? {}
  }

  /** The wire form (RFC 9457). */
  toProblem(): Problem {
    return {
      type: `urn:mapscope:problem:${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      ...this.extras,
    }
  }
}
