import { ProblemError } from '../errors.ts'

/** What is wrong with the folder that jobs are kept in, in words for whoever runs the server; the place itself stays in the log. */
export function stateProblem(cause: unknown): ProblemError {
  if (cause instanceof ProblemError) return cause
  const errno = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  if (errno === undefined)
    return new ProblemError('ERR_OS', `jobs cannot be kept: ${(cause as Error).message}`, { cause })
  const advice = errno === 'ENOSPC' || errno === 'EDQUOT' ? 'free some space' : 'see to the folder given with --state'
  return new ProblemError('ERR_OS', `jobs cannot be kept, the system answered ${errno}: ${advice}, then ask again`, {
    status: 503,
    extras: { errno },
    cause,
  })
}
