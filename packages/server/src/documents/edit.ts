import type { DocumentInfo, EditRequest } from '@mapscope/protocol'
import { MAX_EDIT_BYTE_LENGTH } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'

/** An edit, decoded: `bytes` go to `offset` when `expected` (if any) are there now. */
export interface Edit {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly expected: Uint8Array | undefined
  readonly clientId: string | undefined
}

/** Decodes what came over the wire; the schema has seen to the alphabet. */
export function decodeEdit(request: EditRequest): Edit {
  const bytes = Buffer.from(request.bytes, 'base64')
  const expected = request.expected === undefined ? undefined : Buffer.from(request.expected, 'base64')
  if (bytes.length > MAX_EDIT_BYTE_LENGTH) {
    throw new ProblemError('ERR_TOO_LARGE', `an edit holds at most ${MAX_EDIT_BYTE_LENGTH} bytes, not ${bytes.length}`)
  }
  if (bytes.length === 0) throw new ProblemError('ERR_REQUEST', 'an edit holds at least one byte')
  if (expected !== undefined && expected.length !== bytes.length) {
    throw new ProblemError(
      'ERR_REQUEST',
      `"expected" must be as long as "bytes": ${bytes.length}, not ${expected.length}`,
    )
  }
  return { offset: request.offset, bytes, expected, clientId: request.clientId }
}

/** @throws ProblemError for an edit that this document, as it is now, cannot take. */
export function assertEditable(edit: Edit, document: DocumentInfo): void {
  if (document.mode === 'read-only')
    throw new ProblemError('ERR_READ_ONLY', document.readOnlyReason ?? 'it is read-only')
  const end = edit.offset + edit.bytes.length
  if (end > document.byteLength) {
    throw new ProblemError(
      'ERR_RANGE',
      `bytes ${edit.offset} to ${end} are outside the document of ${document.byteLength} bytes`,
    )
  }
  if (document.disk === 'deleted' || document.disk === 'replaced') {
    // The store would go to a file that no path names any more.
    throw new ProblemError(
      'ERR_CONFLICT',
      `the file was ${document.disk} on disk; reload the document before editing it`,
    )
  }
  const { presentByteLength } = document
  if (end > presentByteLength) {
    throw new ProblemError('ERR_UNREADABLE', 'the file was cut: those bytes are gone', {
      extras: { unreadable: [{ start: Math.max(edit.offset, presentByteLength), end }], presentByteLength },
    })
  }
}
