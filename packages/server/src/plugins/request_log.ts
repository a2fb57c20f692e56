import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { loggedPath } from '../logging/redact.ts'

const REQUEST_LEVELS: ReadonlySet<string> = new Set(['info', 'debug', 'trace'])

/** Not asked at each request, which is answered in a tenth of a millisecond: the level is what it was at the start. */
export function isLoggingRequests({ log }: FastifyInstance): boolean {
  return REQUEST_LEVELS.has(log.level)
}

/** One line for each request, when its answer is out: who asked for what, and what became of it. Nothing of a header is in it. */
async function requestLog(app: FastifyInstance): Promise<void> {
  if (!isLoggingRequests(app)) return
  app.addHook('onResponse', (request, reply, done) => {
    const { method, ip, principal } = request
    const { statusCode: status, elapsedTime } = reply
    const isWhole = reply.raw.writableFinished
    const line = { method, path: loggedPath(request.url), status, ms: Math.round(elapsedTime * 10) / 10, isWhole, ip }
    request.log.info({ ...line, principal: principal?.name, role: principal?.role }, 'request')
    done()
  })
}

export const requestLogPlugin: typeof requestLog = fp(requestLog, { name: 'request-log' })
