import { hash, randomBytes } from 'node:crypto'
import type { ServerEvents } from '../events/server_events.ts'
import type { Principal } from '../guard/principal.ts'
import { problemOf } from '../problem_of.ts'
import type { Document } from './document.ts'
import { assertEditable, type Edit } from './edit.ts'
import { editHashes } from './edit_hashes.ts'

export interface RecordedEdit {
  readonly document: Document
  readonly edit: Edit
  readonly events: ServerEvents
  readonly principal: Principal
}

/**
 * Stores an edit with what is meant written down before and what became of it after, both on the disk: whatever is cut by a crash leaves the intent,
 * with the place and the hash of the bytes, so that it can be looked whether they are there.
 *
 * @throws ProblemError `ERR_AUDIT` when the intent cannot be written down; nothing is stored then.
 */
export async function editOnRecord({ document, edit, events, principal }: RecordedEdit): Promise<{
  revision: number
  replaced: Uint8Array
}> {
  // What can be refused at once is no intent.
  document.checkDisk()
  assertEditable(edit, document.info())
  const { path, id: documentId } = document
  const range = { start: edit.offset, end: edit.offset + edit.bytes.length }
  const facts = { principal, path, documentId, editId: randomBytes(9).toString('base64url'), range }
  const present = events.isOnRecord ? await document.peek(range) : undefined
  const { etag, file } = document
  events.emit({ kind: 'editing', ...facts, etag, file, ...editHashes(edit.bytes, present) })
  try {
    await events.written({ isRequired: true })
    const { revision, replaced } = await document.edit(edit)
    events.emit({ kind: 'edited', ...facts, revision, replacedSha256: hash('sha256', replaced) })
    return { revision, replaced }
  } catch (error) {
    events.emit({ kind: 'editFailed', ...facts, code: problemOf(error).code })
    throw error
  } finally {
    await events.written()
  }
}
