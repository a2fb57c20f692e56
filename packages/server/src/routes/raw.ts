import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { respondWithBytes } from '../delivery/respond.ts'
import type { Served } from '../delivery/served.ts'
import { isSameStatus } from '../documents/disk.ts'
import { mapPlace } from '../documents/open.ts'
import { ProblemError } from '../errors.ts'
import { makeEtag } from '../http/content.ts'
import { type Place, resolvePlace } from '../roots/open.ts'
import { parseUrlPath, type WirePath } from '../roots/wire_path.ts'
import type { Services } from '../services.ts'
import { BYTES_RESPONSES, BytesHeaders } from './bytes_schema.ts'

export const rawRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { roots }) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/raw/*',
    config: { takesTokenInUrl: true },
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
      return respondWithBytes(request, reply, async () => serveFile(place, path.components.at(-1) ?? path.rootName))
    },
  })
}

/** From the URL as it was sent: the router's own parameter has `%2F` already turned into a slash. */
function pathOf(request: FastifyRequest): WirePath {
  const prefix = request.routeOptions.url?.slice(0, -1) ?? ''
  const [path = ''] = (request.raw.url ?? '').split(/[?#]/, 1)
  if (!path.startsWith(prefix)) throw new ProblemError('ERR_REQUEST', `write the path as ${prefix}<root>/<path>`)
  return parseUrlPath(path.slice(prefix.length))
}

/** Opened for this one answer. Its tag is the file's status alone, so it is the same for every client and after a restart. */
function serveFile(place: Place, name: string): Served {
  const { source } = mapPlace(place, false)
  const status = source.status()
  return {
    source,
    name,
    etag: makeEtag(status, 0),
    modifiedMs: Number(status.modifiedNs / 1_000_000n),
    headers: { 'cache-control': 'private, no-cache' },
    presentByteLength: status.byteLength,
    isCurrent: () => isSameStatus(source.status(), status),
    endTurn: () => undefined,
    release: () => {
      // Waits for a read whose client has gone; closing a mapping cannot fail otherwise.
      source.close().catch(() => undefined)
    },
  }
}
