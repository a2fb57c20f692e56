import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { FileList, FilesQuery } from '@mapscope/protocol'
import { listDirectory, listRoots } from '../roots/listing.ts'
import { parseWirePath } from '../roots/wire_path.ts'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

export const fileRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { roots }) => {
  app.get('/files', {
    config: { role: 'view' },
    schema: {
      operationId: 'listFiles',
      summary: 'What may be opened: the roots (empty path), or a folder below one.',
      querystring: FilesQuery,
      response: { 200: FileList, ...problems(400, 401, 403, 404, 422) },
    },
    handler: async (request, reply) => {
      const { path = '' } = request.query
      const list = path === '' ? listRoots(roots) : await listDirectory(roots, parseWirePath(path))
      return await reply.header('cache-control', 'no-store').send(list)
    },
  })
}
