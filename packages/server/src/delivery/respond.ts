import type { FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../errors.ts'
import type { ServerEvents } from '../events/server_events.ts'
import { Answer } from './answer.ts'
import { Outlet } from './outlet.ts'
import type { Served } from './served.ts'

/**
 * A file that changes while it is read is read again, this often: the last time with our own edits held up. What changes even
 * then is changed by others, faster than it can be read.
 */
const MAX_ATTEMPTS = 4

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly events: ServerEvents
}

/**
 * Answers GET or HEAD with the bytes of what `open` gives: conditions, ranges, unreadable parts. `open` is called again when
 * the file changed between being opened and being read, so that a tag never goes out with another state's bytes.
 */
export async function respondWithBytes(
  exchange: Exchange,
  open: (isInTurn: boolean) => Served | Promise<Served>,
): Promise<FastifyReply> {
  const { reply } = exchange
  const outlet = new Outlet(reply.raw)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const isInTurn = attempt === MAX_ATTEMPTS - 1
    const isRetry = attempt > 0
    const opened = open(isInTurn)
    const served = opened instanceof Promise ? await opened : opened
    try {
      if (await new Answer({ ...exchange, outlet, served, isInTurn, isRetry }).send()) return reply
    } catch (error) {
      if (!outlet.isGone) throw error
      return reply.hijack()
    } finally {
      served.release()
    }
  }
  throw new ProblemError('ERR_REVISION', 'the file changes faster than it can be read; ask again')
}
