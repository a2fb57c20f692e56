import type { ByteRange, JobRequest } from '@mapscope/protocol'
import type { Document } from '../documents/document.ts'
import type { DocumentStore } from '../documents/store.ts'
import { ProblemError } from '../errors.ts'
import type { Principal } from '../guard/principal.ts'
import type { JobOrder } from './backend.ts'
import { generationOf } from './job_documents.ts'
import { kindOf } from './kinds/index.ts'

export interface OrderOptions {
  readonly id: string
  readonly request: JobRequest
  readonly principal: Principal
  readonly documents: DocumentStore
  readonly documentId: string
}

/** What was asked for, checked and complete. @throws ProblemError for what cannot be done. */
export async function orderOf({
  id,
  request,
  principal,
  documents,
  documentId,
}: OrderOptions): Promise<{ readonly order: JobOrder; readonly documents: readonly Document[] }> {
  const document = documents.get(documentId)
  kindOf(request).check?.(request)
  const other = 'otherDocumentId' in request ? documents.get(request.otherDocumentId) : undefined
  const taking = [document, ...(other === undefined ? [] : [other])]
  const releases = taking.map((each) => each.hold())
  try {
    const states = await Promise.all(taking.map((each) => each.snapshot()))
    const order = {
      id,
      principal: principal.name,
      role: principal.role,
      clientId: request.clientId ?? '',
      path: document.path,
      ...(other === undefined ? {} : { otherPath: other.path }),
      request,
      range: checkedRange(request.range, document.info().byteLength),
      generation: generationOf(states),
      createdMs: Date.now(),
    }
    return { order, documents: taking }
  } finally {
    for (const release of releases) release()
  }
}

function checkedRange(range: ByteRange | undefined, byteLength: number): ByteRange {
  const { start, end } = range ?? { start: 0, end: byteLength }
  if (start <= end && end <= byteLength) return { start, end }
  throw new ProblemError('ERR_RANGE', `bytes ${start} to ${end} are outside the document of ${byteLength} bytes`)
}
