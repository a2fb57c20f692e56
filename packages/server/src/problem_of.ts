import { isMapscopeError, type MapscopeError } from '@mapscope/core/shared'
import type { ProblemCode } from '@mapscope/protocol'
import { ProblemError } from './errors.ts'

interface ErrnoProblem {
  readonly code: ProblemCode
  readonly detail: string
  /** The server is out of something that others give back: 503. */
  readonly isPassing?: boolean
}

const TOO_MANY_FILES: ErrnoProblem = {
  code: 'ERR_OS',
  detail: 'too many files are open: close documents and connections, or start the server with a higher ulimit -n',
  isPassing: true,
}

/** What the system's refusals mean to a client. Anything else is `ERR_OS` with its name. */
const PROBLEM_OF_ERRNO: Readonly<Record<string, ErrnoProblem>> = {
  ENOENT: { code: 'ERR_NOT_FOUND', detail: 'there is no such file' },
  ENOTDIR: { code: 'ERR_NOT_FOUND', detail: 'there is no such file: part of the path is not a folder' },
  ENAMETOOLONG: { code: 'ERR_NOT_FOUND', detail: 'there is no such file: the name is too long' },
  EACCES: { code: 'ERR_FORBIDDEN', detail: 'the user the server runs as may not read it' },
  EPERM: { code: 'ERR_FORBIDDEN', detail: 'the system does not permit opening it' },
  EXDEV: { code: 'ERR_OUTSIDE_ROOTS', detail: 'a link on the way leaves what is served' },
  ELOOP: { code: 'ERR_OUTSIDE_ROOTS', detail: 'the path goes through a link that is not followed' },
  EISDIR: { code: 'ERR_NOT_A_FILE', detail: 'it is a folder: list it with /api/v1/files' },
  ENODEV: { code: 'ERR_UNSUPPORTED', detail: 'its file system cannot map files into memory' },
  ENXIO: { code: 'ERR_NOT_A_FILE', detail: 'it is a pipe, socket or device' },
  ENOMEM: {
    code: 'ERR_OS',
    detail: 'no room is left to map the file: close documents or end downloads of other large files, then ask again',
    isPassing: true,
  },
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
}

/** Any thrown value as a row of the table. Unknown ones become `ERR_INTERNAL`, with nothing of their insides. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (isMapscopeError(error)) return problemOfCore(error)
  return new ProblemError('ERR_INTERNAL', 'something went wrong inside the server; its log says what', { cause: error })
}

function problemOfCore(error: MapscopeError): ProblemError {
  switch (error.code) {
    case 'ERR_OS':
      return problemOfErrno(error)
    case 'ERR_FAULT':
      return problemOfFault(error)
    case 'ERR_CLOSED':
      return new ProblemError('ERR_NOT_FOUND', 'the document was closed meanwhile: open it again', { cause: error })
    case 'ERR_READ_ONLY':
      return new ProblemError('ERR_READ_ONLY', 'the file is mapped read-only', { cause: error })
    case 'ERR_RANGE':
      return new ProblemError('ERR_RANGE', error.message, { cause: error })
    case 'ERR_NOT_A_FILE':
      return new ProblemError('ERR_NOT_A_FILE', 'it is not a regular file', { cause: error })
    // Only expressions have a time budget: this one goes back and forth over the same bytes.
    case 'ERR_TIMEOUT':
      return new ProblemError('ERR_TIMEOUT', error.message, { cause: error })
    case 'ERR_ARGUMENT':
    case 'ERR_EXPORTED':
      return new ProblemError('ERR_INTERNAL', 'something went wrong inside the server; its log says what', {
        cause: error,
      })
  }
}

/** The system stops us at bytes the file no longer has, and at those its disk can neither give nor (a hole, a full disk) take. */
function problemOfFault(error: MapscopeError): ProblemError {
  const { offset, fileByteLength } = error
  const extras = fileByteLength === undefined ? {} : { presentByteLength: fileByteLength }
  const isInside = offset !== undefined && fileByteLength !== undefined && offset < fileByteLength
  const detail = isInside
    ? 'the disk is full or failing: free some space or check it, then ask again'
    : 'the file was cut: those bytes are gone'
  return new ProblemError('ERR_UNREADABLE', detail, { extras, cause: error })
}

function problemOfErrno(error: MapscopeError): ProblemError {
  const errno = error.errno ?? 'unknown'
  const known = PROBLEM_OF_ERRNO[errno]
  // The core's message may name a place of this machine, so it stays in the log.
  if (known === undefined) {
    const call = error.syscall === undefined ? '' : ` in ${error.syscall}`
    return new ProblemError('ERR_OS', `the system answered ${errno}${call}`, { extras: { errno }, cause: error })
  }
  const extras = known.code === 'ERR_FORBIDDEN' || known.code === 'ERR_OS' ? { errno } : {}
  const passing = known.isPassing === true ? { status: 503, headers: { 'retry-after': '1' } } : {}
  return new ProblemError(known.code, known.detail, { extras, ...passing, cause: error })
}
