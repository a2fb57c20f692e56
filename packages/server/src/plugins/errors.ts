import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'
import { allowedMethods } from '../http/allowed_methods.ts'
import { problemOf } from '../problem_of.ts'

/** Every failure leaves as problem details (RFC 9457), whoever threw it. */
async function errors(app: FastifyInstance): Promise<void> {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    return sendProblem(nothingThere(app, request), request, reply)
  })
}

function nothingThere({ guardedRoutes }: FastifyInstance, { method, url }: FastifyRequest): ProblemError {
  // Without the query, which may hold the token.
  const path = url.split('?', 1)[0] ?? ''
  const allowed = allowedMethods(guardedRoutes, path)
  if (allowed.length === 0) return new ProblemError('ERR_NOT_FOUND', `there is no ${method} ${path}`)
  const allow = allowed.join(', ')
  return new ProblemError('ERR_METHOD', `${path} takes ${allow}, not ${method}`, { headers: { allow } })
}

export const errorsPlugin: typeof errors = fp(errors, { name: 'errors' })

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = fromFastify(error) ?? problemOf(error)
  if (problem.status >= 500) request.log.error({ err: error }, problem.message)
  return reply
    .code(problem.status)
    .removeHeader('content-length')
    .headers({ 'cache-control': 'no-store', ...problem.headers })
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problem.toProblem())
}

/** Fastify's own refusals (validation, body parsing, bad URLs) and those of its plugins: 4xx of whoever asked. */
function fromFastify(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError || !(error instanceof Error) || !('statusCode' in error)) return undefined
  const { statusCode } = error
  if (statusCode === 404) return new ProblemError('ERR_NOT_FOUND', 'there is no such thing', { cause: error })
  if (statusCode === 413)
    return new ProblemError('ERR_TOO_LARGE', 'the body of the request is too large', { cause: error })
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined
  return new ProblemError('ERR_REQUEST', error.message, { cause: error })
}
