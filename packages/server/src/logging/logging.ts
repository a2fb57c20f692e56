import type { FastifyServerOptions } from 'fastify'
import { loggedPath, withoutTokens } from './redact.ts'

export interface LoggerOptions {
  /** pino's level: `info`, `warn`, … */
  readonly level?: string
  /** Where the lines go; standard output by default. */
  readonly stream?: { write(line: string): void }
}

/** An error of whoever knows how many programs: only these of its members are known to hold nothing of a request. */
interface LoggedError {
  readonly [member: string]: unknown
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack: string
  readonly cause?: LoggedError
}

const MAX_CAUSES = 4

/** What Fastify's logger is made of. Requests are one line each, written by `plugins/request_log.ts` when they are answered. */
export function loggerOptions(logger: boolean | LoggerOptions): NonNullable<FastifyServerOptions['logger']> {
  if (logger === false) return false
  return {
    ...(logger === true ? {} : logger),
    serializers: {
      // Fastify's own lines about a request (a failure of a hook) have it as `req`.
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: loggedPath(url) }),
      err: (error: unknown) => loggedError(error),
    },
  }
}

/** A malformed request's error holds its raw bytes (`rawPacket`), the Authorization header among them. */
function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutTokens(String(error)), stack: '' }
  const { code } = error as NodeJS.ErrnoException
  return {
    type: error.name,
    message: withoutTokens(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: withoutTokens(error.stack ?? ''),
    ...(error.cause === undefined || depth === MAX_CAUSES ? {} : { cause: loggedError(error.cause, depth + 1) }),
  }
}
