import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Services } from '../services.ts'

export const openapiRoutes: FastifyPluginAsyncTypebox<Services> = async (app) => {
  app.get('/openapi.json', {
    config: { role: 'view' },
    schema: {
      operationId: 'openapi',
      summary: 'This document.',
      response: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
    handler: (_request, reply) => reply.send(app.swagger()),
  })
}
