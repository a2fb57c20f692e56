import type { ServerEvents } from '../events/server_events.ts'
import type { Credentials, NamedToken } from './credentials.ts'
import type { UnderWay } from './under_way.ts'

/** Timers hold 31 bits of milliseconds; a token that expires later is looked at again in between. */
const MAX_WAIT_MS: number = 2 ** 31 - 1

export interface RevocationOptions {
  readonly credentials: Credentials
  readonly underWay: UnderWay
  readonly events: ServerEvents
  /** Cancels what nobody of that name may ask for any more. Says how many jobs there were. */
  readonly endJobs: (name: string) => number
}

/** Has a changed table, a new link's token and a date that has come matter at once: what such a principal has under way is ended and told. */
export class Revocation {
  readonly #options: RevocationOptions
  #expiring: NodeJS.Timeout | undefined

  constructor(options: RevocationOptions) {
    this.#options = options
    this.#waitForExpiry()
  }

  replaceTable(tokens: readonly NamedToken[]): void {
    this.#options.credentials.replace(tokens)
    this.enforce()
  }

  replaceLink(token: string): void {
    this.#options.credentials.replaceLink(token)
    this.enforce()
  }

  /** Ends what is under way for whoever is let in no more. */
  enforce(): void {
    const { credentials, underWay, events, endJobs } = this.#options
    for (const { principal, reason } of credentials.takeRevoked()) {
      const jobCount = endJobs(principal.name)
      events.emit({ kind: 'revoked', principal, reason, ...underWay.endOf(principal), jobCount })
    }
    this.#waitForExpiry()
  }

  close(): void {
    clearTimeout(this.#expiring)
  }

  #waitForExpiry(): void {
    clearTimeout(this.#expiring)
    const { nextExpiryMs } = this.#options.credentials
    if (nextExpiryMs === undefined) return
    const waitMs = Math.min(MAX_WAIT_MS, Math.max(0, nextExpiryMs - Date.now()))
    this.#expiring = setTimeout(() => this.enforce(), waitMs).unref()
  }
}
