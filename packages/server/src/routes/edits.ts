import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DocumentParams, EditRequest, EditResult, MAX_EDIT_BYTE_LENGTH } from '@mapscope/protocol'
import { decodeEdit } from '../documents/edit.ts'
import { editOnRecord } from '../documents/edit_on_record.ts'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

/** Two full payloads in base64, and room for the rest. */
const BODY_LIMIT = MAX_EDIT_BYTE_LENGTH * 3

export const editRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { documents, events }) => {
  app.post('/documents/:id/edits', {
    bodyLimit: BODY_LIMIT,
    config: { role: 'edit' },
    schema: {
      operationId: 'editDocument',
      summary: 'Overwrites bytes in the file. Answered once they are stored and flushed.',
      params: DocumentParams,
      body: EditRequest,
      response: { 200: EditResult, ...problems(400, 401, 403, 404, 409, 410, 413, 422, 503) },
    },
    handler: async (request, reply) => {
      const document = documents.get(request.params.id)
      const edit = decodeEdit(request.body)
      const release = document.hold()
      try {
        const { revision, replaced } = await editOnRecord({ document, edit, events, principal: request.principal })
        const result = { revision, offset: edit.offset, replaced: Buffer.from(replaced).toString('base64') }
        return await reply.header('cache-control', 'no-store').send(result)
      } finally {
        release()
      }
    },
  })
}
