import { byteLengthOf } from '@mapscope/core/shared'
import { type ByteRange, SOCKET_LIMITS } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'
import type { Handler } from './handler.ts'

export const read: Handler<'read'> = ({ id, documentId, stream, priority, ranges }, session) => {
  if (session.isIdInUse(id)) return session.failInUse(id)
  const document = session.services.documents.get(documentId)
  assertInside(ranges, document.live().source.byteLength)
  const isViewport = priority === 'viewport'
  if (isViewport) assertViewport(ranges)
  session.reads.add({ id, stream, isViewport, document, ranges })
}

/** @throws ProblemError `ERR_RANGE`. */
export function assertInside(ranges: readonly ByteRange[], byteLength: number): void {
  for (const { start, end } of ranges) {
    if (start <= end && end <= byteLength) continue
    throw new ProblemError('ERR_RANGE', `bytes ${start} to ${end} are outside the document of ${byteLength} bytes`)
  }
}

function assertViewport(ranges: readonly ByteRange[]): void {
  const sum = ranges.reduce((before, range) => before + byteLengthOf(range), 0)
  if (sum <= SOCKET_LIMITS.viewportByteLength) return
  const most = SOCKET_LIMITS.viewportByteLength
  throw new ProblemError('ERR_TOO_LARGE', `a viewport has at most ${most} bytes, not ${sum}; read in bulk`)
}
