import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@mapscope/protocol/typebox'
import type { FastifyRequest } from 'fastify'
import { KnownStatuses } from '../delivery/known_statuses.ts'
import { RawFile } from '../delivery/raw_file.ts'
import { respondWithBytes } from '../delivery/respond.ts'
import { openFile } from '../documents/open.ts'
import { ProblemError } from '../errors.ts'
import { resolvePlace } from '../roots/open.ts'
import { formatWirePath, parseUrlPath, type WirePath } from '../roots/wire_path.ts'
import type { Services } from '../services.ts'
import { BYTES_RESPONSES, BytesHeaders } from './bytes_schema.ts'

export const RAW_ROUTE = '/raw/*'

export const rawRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { roots, events, sources, knownFiles } = services
  const statuses = new KnownStatuses()
  app.route({
    method: ['GET', 'HEAD'],
    url: RAW_ROUTE,
    config: { takesTokenInUrl: true, role: 'view', isStream: true },
    schema: {
      operationId: 'readRaw',
      summary: 'A file as it is now, for any HTTP client.',
      security: [{ bearer: [] }, { cookie: [] }, { urlToken: [] }],
      params: Type.Object({ '*': Type.String({ description: '<root>/<path below it>, percent-encoded' }) }),
      querystring: Type.Object({ token: Type.Optional(Type.String()) }),
      headers: BytesHeaders,
      response: BYTES_RESPONSES,
    },
    handler: (request, reply) => {
      const path = pathOf(request)
      const place = resolvePlace(roots, path)
      const name = path.components.at(-1) ?? path.rootName
      const open = (): RawFile => {
        const file = openFile(place, false)
        const opened = new RawFile({ file, path: formatWirePath(path), name, sources, statuses })
        knownFiles.remember(request.raw.url ?? '', place, opened)
        return opened
      }
      return respondWithBytes({ request, reply, events }, open)
    },
  })
}

/** From the URL as it was sent: the router's own parameter has `%2F` already turned into a slash. */
function pathOf(request: FastifyRequest): WirePath {
  const prefix = request.routeOptions.url?.slice(0, -1) ?? ''
  const [target = ''] = (request.raw.url ?? '').split(/[?#]/, 1)
  // Absolute form, as a proxy is asked: RFC 9112 §3.2.2 has every server take it.
  const path = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
  if (!path.startsWith(prefix)) throw new ProblemError('ERR_REQUEST', `write the path as ${prefix}<root>/<path>`)
  return parseUrlPath(path.slice(prefix.length))
}
