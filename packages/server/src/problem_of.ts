import { isMapscopeError, type MapscopeError } from '@mapscope/core/shared'
import type { ProblemCode } from '@mapscope/protocol'
import { ProblemError } from './errors.ts'

/** What the system's refusals mean to a client. Anything else is `ERR_OS` with its name. */
const PROBLEM_OF_ERRNO: Readonly<Record<string, { readonly code: ProblemCode; readonly detail: string }>> = {
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
    case 'ERR_FAULT': {
      const present = error.fileByteLength
      return new ProblemError('ERR_UNREADABLE', 'the bytes are gone: the file was cut or its disk fails', {
        extras: present === undefined ? {} : { presentByteLength: present },
        cause: error,
      })
    }
    case 'ERR_CLOSED':
      return new ProblemError('ERR_NOT_FOUND', 'the document was closed meanwhile: open it again', { cause: error })
    case 'ERR_READ_ONLY':
      return new ProblemError('ERR_READ_ONLY', 'the file is mapped read-only', { cause: error })
    case 'ERR_RANGE':
      return new ProblemError('ERR_RANGE', error.message, { cause: error })
    case 'ERR_NOT_A_FILE':
      return new ProblemError('ERR_NOT_A_FILE', 'it is not a regular file', { cause: error })
    case 'ERR_ARGUMENT':
    case 'ERR_EXPORTED':
      return new ProblemError('ERR_INTERNAL', 'something went wrong inside the server; its log says what', {
        cause: error,
      })
  }
}

function problemOfErrno(error: MapscopeError): ProblemError {
  const errno = error.errno ?? 'unknown'
  const known = PROBLEM_OF_ERRNO[errno]
  // The core's message may name a place of this machine, so it stays in the log.
  if (known === undefined) {
    const call = error.syscall === undefined ? '' : ` in ${error.syscall}`
    return new ProblemError('ERR_OS', `the system answered ${errno}${call}`, { extras: { errno }, cause: error })
  }
  const extras = known.code === 'ERR_FORBIDDEN' ? { errno } : {}
  return new ProblemError(known.code, known.detail, { extras, cause: error })
}
