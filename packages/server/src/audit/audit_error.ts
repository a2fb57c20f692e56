/** The audit trail cannot be begun or gone on with; the message says why and what to do. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
}
