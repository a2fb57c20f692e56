import { ProblemError } from '../errors.ts'
import type { ServerEvent } from '../events/server_event.ts'
import type { ServerEvents } from '../events/server_events.ts'
import type { AuditFile } from './audit_file.ts'
import { Coalescer } from './coalescer.ts'
import type { AuditFacts, AuditHead } from './line.ts'

const BATCH_INTERVAL_MS = 1_000

export interface AuditTrailOptions {
  /** Taken over: closed by `close`. */
  readonly file: AuditFile
  readonly events: ServerEvents
  /** Evidence mode: what cannot be written down is not done. */
  readonly isEvidence: boolean
  /** Facts of the beginning: version, platform, what is served. */
  readonly start: Readonly<Record<string, unknown>>
  /** What was found of edits that a crash cut, as lines. */
  readonly settled: readonly AuditFacts[]
  /** The disk does not take it; called once for each time that it begins. */
  readonly onFailure: (error: unknown) => void
}

/** Writes down what the server tells: gathered by the second, synced in batches; an edit before it is stored, and again before it is acknowledged. */
export class AuditTrail {
  readonly #file: AuditFile
  readonly #coalescer: Coalescer = new Coalescer()
  readonly #isEvidence: boolean
  readonly #onFailure: (error: unknown) => void
  readonly #stopListening: () => void
  readonly #batching: NodeJS.Timeout

  private constructor({ file, events, isEvidence, onFailure }: AuditTrailOptions) {
    this.#file = file
    this.#isEvidence = isEvidence
    this.#onFailure = onFailure
    this.#stopListening = events.listenAndWrite(
      (event) => this.#take(event),
      async (isRequired) => await this.written(isRequired),
    )
    this.#batching = setInterval(() => void this.#batch(), BATCH_INTERVAL_MS).unref()
  }

  /** Begins with a `start` line on the disk. Rejects when it cannot be written: better now than at the first byte. */
  static async start(options: AuditTrailOptions): Promise<AuditTrail> {
    const { start, settled, isEvidence, file } = options
    const unsettledCount = file.openEditCount
    file.append({ kind: 'start', who: 'server', server: { ...start, isEvidence, unsettledCount } })
    for (const facts of settled) file.append(facts)
    await file.flush()
    return new AuditTrail(options)
  }

  get head(): AuditHead {
    return this.#file.head
  }

  /** @throws ProblemError `ERR_AUDIT` in evidence mode, as long as the disk takes no line. */
  assertServing(): void {
    if (!this.#isEvidence || this.#file.failure === undefined) return
    throw notWritten('nothing is served until the audit trail can be written again', this.#file.failure)
  }

  append(facts: AuditFacts): void {
    this.#drain()
    this.#file.append(facts)
  }

  /** All that happened before is on the disk. In evidence mode, and where it is required, it rejects when it is not; else that is told, and life goes on. */
  async written(isRequired = false): Promise<void> {
    this.#drain()
    try {
      await this.#flush()
    } catch (error) {
      this.assertServing()
      if (isRequired) throw notWritten('nothing is changed that cannot be written down first', error)
    }
  }

  async close(): Promise<void> {
    this.#stopListening()
    clearInterval(this.#batching)
    this.#drain()
    this.append({ kind: 'stop', who: 'server', server: { unsettledCount: this.#file.openEditCount } })
    await this.#file.close()
  }

  #take(event: ServerEvent): void {
    switch (event.kind) {
      case 'served':
        this.#coalescer.served(event)
        break
      case 'searched':
        this.#coalescer.searched(event)
        break
      case 'refused':
        this.#coalescer.refused(event)
        break
      case 'opened':
      case 'editing':
      case 'edited':
      case 'editFailed':
      case 'job':
      case 'revoked': {
        const { kind, principal, ...server } = event
        this.append({ kind, who: principal.name, role: principal.role, server })
      }
    }
  }

  #drain(): void {
    for (const facts of this.#coalescer.take()) this.#file.append(facts)
  }

  async #batch(): Promise<void> {
    this.#drain()
    await this.#flush().catch(() => undefined)
  }

  async #flush(): Promise<void> {
    const wasFailing = this.#file.failure !== undefined
    try {
      await this.#file.flush()
    } catch (error) {
      if (!wasFailing) this.#onFailure(error)
      throw error
    }
  }
}

function notWritten(what: string, cause: unknown): ProblemError {
  return new ProblemError('ERR_AUDIT', `${what}; the disk of the audit trail may be full`, {
    headers: { 'retry-after': '5' },
    cause,
  })
}
