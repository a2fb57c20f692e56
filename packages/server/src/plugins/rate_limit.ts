import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'

/** What a route that creates something (a session, a job) puts into its `config`. */
export interface RateLimit {
  readonly max: number
  readonly timeWindow: number
}

/** Sessions and codes. Secrets have 256 bits and need no limit; the log and the audit trail of who guesses all the same do. */
export const SESSION_RATE: RateLimit = { max: 300, timeWindow: 60_000 }
/** Jobs: their number at once is bounded by their queue, this bounds the churn. */
export const JOB_RATE: RateLimit = { max: 600, timeWindow: 60_000 }

/** Addresses that are remembered. */
const CACHE_COUNT = 5_000

/** Only on routes that ask for it: a range is bounded by streams and bytes (`shares.ts`), not by how often it is asked for. */
async function limitRates(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    cache: CACHE_COUNT,
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError('ERR_TOO_MANY', `too many requests of this kind; ask again in ${Math.ceil(ttl / 1000)} s`),
  })
}

export const rateLimitPlugin: typeof limitRates = fp(limitRates, { name: 'rate-limit' })
