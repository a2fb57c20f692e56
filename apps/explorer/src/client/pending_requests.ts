import type { ServerMessage } from '@mapscope/protocol'
import { ClientError, problemText } from './client_error.ts'

type ErrorMessage = Extract<ServerMessage, { type: 'error' }>

/** What ends a request, and what it reports on the way. */
export type Answer = Extract<ServerMessage, { id: number }> | (ErrorMessage & { readonly id: number })

interface Pending {
  readonly settle: (answer: Answer | ClientError) => void
  readonly onProgress: ((message: Extract<ServerMessage, { type: 'progress' }>) => void) | undefined
  readonly timer: ReturnType<typeof setTimeout>
  readonly deadlineMs: number
  readonly expire: () => void
}

export interface PendingOptions {
  /** How long after the request, or its last progress, silence is a failure. */
  readonly deadlineMs: number
  readonly onProgress?: Pending['onProgress']
}

/** Requests without an answer so far. Every one of them ends: by its answer, its deadline or the end of the connection. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  get size(): number {
    return this.#pending.size
  }

  /** Registers a request; send it under `id`. */
  add(options: PendingOptions): { id: number; answer: Promise<Answer> } {
    const id = ++this.#lastId
    const answer = new Promise<Answer>((resolve, reject) => {
      const settle = (outcome: Answer | ClientError) => {
        clearTimeout(this.#pending.get(id)?.timer)
        this.#pending.delete(id)
        if (outcome instanceof ClientError) reject(outcome)
        else if (outcome.type === 'error') reject(problemError(outcome.problem))
        else resolve(outcome)
      }
      const expire = () => settle(new ClientError('ERR_DEADLINE', 'The server did not answer in time.'))
      const timer = setTimeout(expire, options.deadlineMs)
      this.#pending.set(id, { settle, expire, timer, deadlineMs: options.deadlineMs, onProgress: options.onProgress })
    })
    return { id, answer }
  }

  /** Hands a message to the request it answers; false when there is none (it was given up, say). */
  handle(message: Answer): boolean {
    const pending = this.#pending.get(message.id)
    if (pending === undefined) return false
    if (message.type !== 'progress') {
      pending.settle(message)
      return true
    }
    clearTimeout(pending.timer)
    const timer = setTimeout(pending.expire, pending.deadlineMs)
    this.#pending.set(message.id, { ...pending, timer })
    pending.onProgress?.(message)
    return true
  }

  rejectAll(error: ClientError): void {
    for (const pending of [...this.#pending.values()]) pending.settle(error)
  }
}

function problemError(problem: ErrorMessage['problem']): ClientError {
  return new ClientError(problem.code, problemText(problem), { problem })
}
