import type { FastifyBaseLogger } from 'fastify'
import { because } from '../errno.ts'
import type { ServerEvents } from '../events/server_events.ts'
import type { Root } from '../roots/root.ts'
import { VERSION } from '../version.ts'
import { AuditError } from './audit_error.ts'
import { AuditFile } from './audit_file.ts'
import { AuditTrail } from './audit_trail.ts'
import type { AuditFacts } from './line.ts'
import { openEdits } from './open_edits.ts'
import { settle } from './settle.ts'

/** Read through by `audit verify` in seconds, and a day of a busy server. */
export const AUDIT_FILE_BYTE_LENGTH: number = 256 * 1024 ** 2

export interface AuditOptions {
  readonly auditFile: string | undefined
  /** A file of the trail that has grown to this is put away, and the chain goes on in another. 0: never. */
  readonly rotateByteLength: number
  readonly isEvidence: boolean
  readonly isWritable: boolean
}

/** @throws AuditError when the two do not go together; evidence is never opened for writing. */
export function assertEvidence({ auditFile, isEvidence, isWritable }: Omit<AuditOptions, 'rotateByteLength'>): void {
  if (!isEvidence) return
  if (isWritable) throw new AuditError('evidence mode is read-only; leave --writable out')
  if (auditFile === undefined)
    throw new AuditError('evidence mode needs an audit trail; name its file with --audit FILE')
}

/** Begins the trail, when one was asked for: what is served, by which version, on which clock. */
export async function startAudit(
  { auditFile, rotateByteLength, isEvidence, isWritable }: AuditOptions,
  { events, roots, log }: { events: ServerEvents; roots: readonly Root[]; log: FastifyBaseLogger },
): Promise<AuditTrail | undefined> {
  if (auditFile === undefined) return undefined
  const file = AuditFile.open(auditFile, {
    maxByteLength: rotateByteLength,
    onFailure: (error) => log.error({ err: error }, 'the audit trail cannot go on in another file; it goes on growing'),
  })
  const served = roots.map(({ name, kind, directoryPath }) => ({ name, kind, directoryPath }))
  const { version: node, platform, pid } = process
  const start = { version: VERSION, node, platform, pid, timeZone: zoneOf(), isWritable, roots: served }
  const onFailure = (error: unknown): void => {
    const then = isEvidence ? 'nothing is served until it can be' : 'what happens is kept in memory until it can be'
    log.error({ err: error }, `the audit trail cannot be written; ${then}`)
  }
  try {
    const settled = await settleEdits(file, roots, log)
    return await AuditTrail.start({ file, events, isEvidence, start, settled, onFailure })
  } catch (error) {
    await file.close().catch(() => undefined)
    throw new AuditError(`${auditFile} cannot be written${because(error)}`, { cause: error })
  }
}

/** Looks what became of edits that a crash cut: nobody else will before the next ones are stored. */
async function settleEdits(file: AuditFile, roots: readonly Root[], log: FastifyBaseLogger): Promise<AuditFacts[]> {
  if (file.isEndedWell) return []
  const edits = await openEdits(file.path)
  file.adopt(edits.map(({ editId }) => editId))
  const lines: AuditFacts[] = []
  for (const edit of edits) {
    const { who, editId, path, range } = edit
    const settlement = await settle(edit, roots)
    log.warn({ who, editId, path, range, ...settlement }, 'an edit was cut by a crash')
    if (settlement !== undefined)
      lines.push({ kind: 'settled', who: 'server', server: { editId, who, path, range, ...settlement } })
  }
  return lines
}

function zoneOf(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
