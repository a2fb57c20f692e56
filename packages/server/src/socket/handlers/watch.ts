import { byteLengthOf } from '@mapscope/core/shared'
import { SOCKET_LIMITS } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'
import type { Handler } from './handler.ts'
import { assertInside } from './read.ts'

export const watch: Handler<'watch'> = async ({ id, documentId, stream, ranges, hasPatches = false }, session) => {
  const document = session.services.documents.get(documentId)
  if (!session.subscriptions.has(documentId)) {
    throw new ProblemError('ERR_REQUEST', 'open the document first: its changes are told to whoever has opened it')
  }
  assertInside(ranges, document.live().source.byteLength)
  const sum = ranges.reduce((before, range) => before + byteLengthOf(range), 0)
  const most = SOCKET_LIMITS.watchByteLength
  if (sum > most) throw new ProblemError('ERR_TOO_LARGE', `a watch covers at most ${most} bytes, not ${sum}`)
  const isStill = await session.watches.set({ id, document, stream, ranges, hasPatches })
  session.send({ type: 'watching', id, revision: document.revision })
  if (isStill) session.watches.sendPresent(documentId, stream)
}
