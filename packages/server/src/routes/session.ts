import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LaunchCode, SessionInfo, SessionRequest } from '@mapscope/protocol'
import { unauthorized } from '../guard/authorize.ts'
import type { Principal } from '../guard/principal.ts'
import { loggedPath } from '../logging/redact.ts'
import { sessionCookieName } from '../plugins/guard.ts'
import { SESSION_RATE } from '../plugins/rate_limit.ts'
import type { Services } from '../services.ts'
import { VERSION } from '../version.ts'
import { problems } from './responses.ts'

export const sessionRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { credentials, launchCodes, isWritable, events } = services
  app.post('/session', {
    config: { isPublic: true, rateLimit: SESSION_RATE },
    schema: {
      operationId: 'createSession',
      summary: "Exchanges the link's token, or a one-time code, for a session cookie.",
      security: [],
      body: SessionRequest,
      response: { 200: SessionInfo, ...problems(400, 401, 403, 429) },
    },
    handler: async (request, reply) => {
      const principal = principalOf(request.body, services)
      const cookie = principal === undefined ? undefined : credentials.cookieOf(principal)
      if (principal === undefined || cookie === undefined) {
        const { principal: asker, method } = request
        const path = loggedPath(request.url)
        events.emit({ kind: 'refused', principal: asker, code: 'ERR_UNAUTHORIZED', method, path })
        throw unauthorized('that opens nothing here (any more): a code works once, and a restart makes a new token')
      }
      // Over plain HTTP not Secure: a browser would then not send it back.
      reply.setCookie(sessionCookieName(request), cookie, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: request.protocol === 'https',
      })
      const { name, role } = principal
      return await reply.header('cache-control', 'no-store').send({ version: VERSION, isWritable, name, role })
    },
  })

  app.post('/session/codes', {
    config: { role: 'view', rateLimit: SESSION_RATE },
    schema: {
      operationId: 'createLaunchCode',
      summary: 'A one-time code for a browser of whoever asks: it opens `/?code=…` once, within five minutes.',
      response: { 201: LaunchCode, ...problems(401, 403, 429) },
    },
    handler: async (request, reply) =>
      await reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ code: launchCodes.create(request.principal) }),
  })
}

function principalOf(body: SessionRequest, { credentials, launchCodes }: Services): Principal | undefined {
  if (body.code !== undefined) return launchCodes.redeem(body.code)
  return body.token === undefined ? undefined : credentials.principalOfToken(body.token)
}
