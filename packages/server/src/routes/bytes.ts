import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { BytesQuery, DocumentParams, REVISION_HEADER } from '@mapscope/protocol'
import { respondWithBytes } from '../delivery/respond.ts'
import type { Served } from '../delivery/served.ts'
import type { Document } from '../documents/document.ts'
import { ProblemError } from '../errors.ts'
import { makeEtag } from '../http/content.ts'
import type { Services } from '../services.ts'
import { BYTES_RESPONSES, BytesHeaders } from './bytes_schema.ts'

export const bytesRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { documents, events }) => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/documents/:id/bytes',
    config: { role: 'view', isStream: true },
    schema: {
      operationId: 'readDocument',
      summary: 'The bytes of a document, whole or by range. With `revision`, of that revision or refused.',
      params: DocumentParams,
      querystring: BytesQuery,
      headers: BytesHeaders,
      response: BYTES_RESPONSES,
    },
    handler: (request, reply) => {
      const document = documents.get(request.params.id)
      return respondWithBytes({ request, reply, events }, (isInTurn) =>
        serveDocument(document, { pinned: request.query.revision, isInTurn }),
      )
    },
  })
}

interface ServeOptions {
  /** The revision asked for, if any. */
  readonly pinned: number | undefined
  readonly isInTurn: boolean
}

/** One revision of a document. A pinned one never changes, so it may be kept for ever; an unpinned one is asked for again. */
async function serveDocument(document: Document, options: ServeOptions): Promise<Served> {
  const { pinned, isInTurn } = options
  const releaseHold = document.hold()
  let release = releaseHold
  try {
    const snapshot = isInTurn
      ? await document.snapshotInTurn()
      : { ...(await document.snapshot()), endTurn: () => undefined }
    const { source, revision, status, isCurrent, endTurn } = snapshot
    release = () => {
      endTurn()
      releaseHold()
    }
    if (pinned !== undefined && pinned !== revision) throw revisionProblem(pinned, revision)
    const cacheControl = pinned === undefined ? 'private, no-cache' : 'private, max-age=31536000, immutable'
    return {
      via: 'document',
      path: document.path,
      byteLength: source.byteLength,
      map: () => source,
      name: document.name,
      etag: makeEtag(status, revision),
      changedMs: Number(status.changedNs / 1_000_000n),
      headers: { 'cache-control': cacheControl, [REVISION_HEADER]: String(revision) },
      presentByteLength: status.byteLength,
      isCurrent,
      endTurn,
      release,
    }
  } catch (error) {
    release()
    throw error
  }
}

function revisionProblem(pinned: number, revision: number): ProblemError {
  return new ProblemError('ERR_REVISION', `revision ${pinned} was asked for, the document has ${revision}`, {
    extras: { revision },
    headers: { [REVISION_HEADER]: String(revision) },
  })
}
