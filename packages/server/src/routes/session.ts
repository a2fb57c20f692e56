import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SessionInfo, SessionRequest } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import { sessionCookieName } from '../plugins/guard.ts'
import type { Services } from '../services.ts'
import { VERSION } from '../version.ts'
import { problems } from './responses.ts'

export const sessionRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { credentials, isWritable }) => {
  app.post('/session', {
    config: { isPublic: true },
    schema: {
      operationId: 'createSession',
      summary: "Exchanges the link's token for a session cookie.",
      security: [],
      body: SessionRequest,
      response: { 200: SessionInfo, ...problems(400, 401, 403) },
    },
    handler: async (request, reply) => {
      if (!credentials.isToken(request.body.token)) {
        throw new ProblemError('ERR_UNAUTHORIZED', 'that is not the token of this server; it may have been restarted', {
          headers: { 'www-authenticate': 'Bearer realm="mapscope"' },
        })
      }
      // Not Secure: the server speaks plain HTTP, and a browser would then not send it back.
      reply.setCookie(sessionCookieName(request), credentials.cookieValue, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
      })
      return await reply.header('cache-control', 'no-store').send({ version: VERSION, isWritable })
    },
  })
}
