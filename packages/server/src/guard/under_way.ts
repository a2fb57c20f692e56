import type { Principal } from './principal.ts'

/** Something that goes on for somebody longer than a request takes to be allowed. */
export interface Engagement {
  readonly kind: 'download' | 'socket'
  readonly principal: Principal
  /** Ends it now, whatever it is at. */
  end(): void
}

/** Downloads and sockets under way, and for whom: who is let in no more must not be served to the end of a file of 15 TiB. */
export class UnderWay {
  readonly #engagements: Set<Engagement> = new Set()

  /** Until the returned function is called; more often than once does nothing. */
  add(engagement: Engagement): () => void {
    this.#engagements.add(engagement)
    return () => this.#engagements.delete(engagement)
  }

  /** Ends all that the token of that principal opened. Says how many there were of each kind. */
  endOf(principal: Principal): { downloadCount: number; socketCount: number } {
    const theirs = [...this.#engagements].filter((engagement) => isSame(engagement.principal, principal))
    for (const engagement of theirs) {
      this.#engagements.delete(engagement)
      engagement.end()
    }
    const downloadCount = theirs.filter(({ kind }) => kind === 'download').length
    return { downloadCount, socketCount: theirs.length - downloadCount }
  }
}

function isSame(a: Principal, b: Principal): boolean {
  return a.name === b.name && a.role === b.role && a.tokenId === b.tokenId
}
