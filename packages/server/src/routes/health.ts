import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Health } from '@mapscope/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Services } from '../services.ts'

/** Beside the rest of the API. */
export const healthRoutes: FastifyPluginAsyncTypebox<Services> = async (app) => addHealth(app, '/health', 'health')

/** Where the programs that look after servers look. */
export const healthzRoutes: FastifyPluginAsyncTypebox<Services> = async (app) => addHealth(app, '/healthz', 'healthz')

function addHealth(app: FastifyInstance, url: string, operationId: string): void {
  app.get(url, {
    config: { isPublic: true, isAnsweredWhileClosing: true },
    schema: {
      operationId,
      summary: 'Whether the server takes requests (200) or is ending (503); the one thing it tells anybody.',
      security: [],
      response: {
        200: Health,
        503: { description: 'It is ending: no new requests.', content: { 'application/json': { schema: Health } } },
      },
    },
    handler: (_request, reply) => answer(app, reply),
  })
}

function answer({ lifecycle }: FastifyInstance, reply: FastifyReply): FastifyReply {
  const { state } = lifecycle
  return reply
    .code(state === 'ok' ? 200 : 503)
    .header('cache-control', 'no-store')
    .send({ status: state })
}
