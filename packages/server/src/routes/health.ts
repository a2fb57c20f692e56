import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Health } from '@mapscope/protocol'
import type { Services } from '../services.ts'

export const healthRoutes: FastifyPluginAsyncTypebox<Services> = async (app) => {
  app.get('/health', {
    config: { isPublic: true },
    schema: {
      operationId: 'health',
      summary: 'Whether the server answers; the one thing it tells anybody.',
      security: [],
      response: { 200: Health },
    },
    handler: () => ({ status: 'ok' as const }),
  })
}
