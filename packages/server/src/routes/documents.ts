import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DocumentInfo, DocumentList, DocumentParams, OpenRequest } from '@mapscope/protocol'
import { parseWirePath } from '../roots/wire_path.ts'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

export const documentRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { documents, events }) => {
  // State that changes under the client: never to be kept.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.get('/documents', {
    config: { role: 'view' },
    schema: {
      operationId: 'listDocuments',
      summary: 'The open documents.',
      response: { 200: DocumentList, ...problems(401) },
    },
    handler: () => ({ documents: documents.list().map((document) => document.info()) }),
  })

  app.post('/documents', {
    config: { role: 'view' },
    schema: {
      operationId: 'openDocument',
      summary: 'Opens a file: 201 for a new document, 200 for the one that already is that file.',
      body: OpenRequest,
      response: { 200: DocumentInfo, 201: DocumentInfo, ...problems(400, 401, 403, 404, 422, 429, 503) },
    },
    handler: async (request, reply) => {
      const { document, isNew } = documents.open(parseWirePath(request.body.path))
      if (!isNew) document.checkDisk()
      const { path, id: documentId, etag } = document
      events.emit({ kind: 'opened', principal: request.principal, path, documentId, etag })
      return await reply.code(isNew ? 201 : 200).send(document.info())
    },
  })

  app.get('/documents/:id', {
    config: { role: 'view' },
    schema: {
      operationId: 'getDocument',
      summary: 'A document and what has become of its file.',
      params: DocumentParams,
      response: { 200: DocumentInfo, ...problems(401, 404) },
    },
    handler: (request) => {
      const document = documents.get(request.params.id)
      document.checkDisk()
      return document.info()
    },
  })

  app.post('/documents/:id/reload', {
    config: { role: 'view' },
    schema: {
      operationId: 'reloadDocument',
      summary: 'Adopts the file that the path names now: its length, its bytes, a new revision.',
      params: DocumentParams,
      response: { 200: DocumentInfo, ...problems(401, 403, 404, 422, 503) },
    },
    handler: (request) => documents.get(request.params.id).reload(),
  })
}
