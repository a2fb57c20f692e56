/** Every error of `@mapscope/core`: a stable code, and a message that says what to do. */
export const ERROR_CODES = [
  'ERR_CLOSED',
  'ERR_READ_ONLY',
  'ERR_EXPORTED',
  'ERR_RANGE',
  'ERR_ARGUMENT',
  'ERR_FAULT',
  'ERR_NOT_A_FILE',
  'ERR_OS',
  'ERR_TIMEOUT',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** What each code carries beyond its message. */
export interface ErrorDetails {
  /** `ERR_OS`: the system's name for what went wrong (`EACCES`), and the call that failed. */
  readonly errno?: string | undefined
  readonly syscall?: string | undefined
  readonly path?: string | undefined
  /** `ERR_FAULT`: the first byte that could not be touched, and the file's size at that moment. */
  readonly offset?: number | undefined
  readonly fileByteLength?: number | undefined
  /** A search that could not look at everything: how many hits it gave. */
  readonly hitCount?: number | undefined
  readonly cause?: unknown
}

export class MapscopeError extends Error {
  override readonly name = 'MapscopeError'
  readonly code: ErrorCode
  readonly errno: string | undefined
  readonly syscall: string | undefined
  readonly path: string | undefined
  readonly offset: number | undefined
  readonly fileByteLength: number | undefined
  readonly hitCount: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.errno = details.errno
    this.syscall = details.syscall
    this.path = details.path
    this.offset = details.offset
    this.fileByteLength = details.fileByteLength
    this.hitCount = details.hitCount
  }
}

export function isMapscopeError(error: unknown, code?: ErrorCode): error is MapscopeError {
  return error instanceof MapscopeError && (code === undefined || error.code === code)
}
