import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

/** Behind the same guard as everything else: how much is read, and when, tells about an investigation, too. */
export const metricsRoutes: FastifyPluginAsyncTypebox<Services> = async (app) => {
  app.get('/metrics', {
    config: { role: 'view', isAnsweredWhileClosing: true },
    schema: {
      operationId: 'metrics',
      summary: 'What the server counts, in the text format of Prometheus.',
      response: {
        200: { description: 'Text format 0.0.4.', content: { 'text/plain': { schema: { type: 'string' } } } },
        ...problems(401),
      },
    },
    handler: async (_request, reply) => {
      const text = await app.metrics.text()
      return await reply
        .header('cache-control', 'no-store')
        .type(app.metrics.contentType)
        .serializer((body: string) => body)
        .send(text)
    },
  })
}
