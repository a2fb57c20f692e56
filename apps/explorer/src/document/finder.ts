import { formatOffset, offsetDigits, parseQuery } from '@mapscope/core/shared'
import type { SearchDirection, SearchQuery } from '@mapscope/protocol'
import { messageOf } from '../client/client_error.ts'
import type { SearchAnswer, SocketClient } from '../client/socket.ts'
import type { DocumentStore } from '../state/document.ts'
import { announce, type NoticesStore, notify } from '../state/notices.ts'
import type { SearchOutcome, SearchStore } from '../state/search.ts'
import type { Caret } from './caret.ts'
import { findStatus } from './find_text.ts'

export interface FinderOptions {
  readonly search: SearchStore
  readonly document: DocumentStore
  readonly notices: NoticesStore
  readonly socket: Pick<SocketClient, 'search'>
  readonly caret: Caret
  /** Whether the find bar shows outcomes; without it (F3 with the bar closed) they are shown as notices. */
  readonly isBarOpen: () => boolean
}

/** Find next and previous: one search at a time, on the server, given up the moment it is not wanted any more. */
export class Finder {
  readonly #options: FinderOptions
  #running: AbortController | undefined

  constructor(options: FinderOptions) {
    this.#options = options
  }

  setQuery(query: SearchQuery): void {
    this.#stop()
    this.#clearHit()
    this.#options.search.setState({ query, outcome: this.#check(query) ?? { kind: 'idle' } })
  }

  find(direction: SearchDirection): void {
    const { search, document } = this.#options
    const { query } = search.getState()
    const session = document.getState().open?.session
    if (session === undefined || query.text === '') return
    const problem = this.#check(query)
    if (problem !== undefined) {
      search.setState({ outcome: problem })
      return
    }
    const from = this.#startOf(direction)
    this.#stop()
    const running = new AbortController()
    this.#running = running
    this.#show({ kind: 'running', direction, scanned: 0, total: session.byteLength })
    void this.#search({ query, from, direction, running, documentId: session.info.id })
  }

  /** Takes effect in the interface at once; the server is told. */
  cancel(): void {
    if (this.#running === undefined) return
    this.#stop()
    this.#show({ kind: 'cancelled' })
    announce(this.#options.notices, 'Search cancelled')
  }

  /** The find bar is closed: the hit's mark goes, the selection stays. */
  close(): void {
    this.#stop()
    this.#clearHit()
    this.#show({ kind: 'idle' })
  }

  async #search(request: {
    query: SearchQuery
    from: number
    direction: SearchDirection
    running: AbortController
    documentId: string
  }): Promise<void> {
    const { running, direction } = request
    try {
      const answer = await this.#options.socket.search({
        documentId: request.documentId,
        query: request.query,
        from: request.from,
        direction,
        signal: running.signal,
        onProgress: (scanned, total) => this.#show({ kind: 'running', direction, scanned, total }),
      })
      if (this.#running === running) this.#finish(answer, request.query, direction)
    } catch (error) {
      if (this.#running !== running) return
      this.#running = undefined
      this.#show({ kind: 'failed', message: messageOf(error) })
      announce(this.#options.notices, `Search failed: ${messageOf(error)}`)
    }
  }

  #finish(answer: SearchAnswer, query: SearchQuery, direction: SearchDirection): void {
    this.#running = undefined
    const { notices, caret, document } = this.#options
    if (answer.type === 'cancelled') this.#show({ kind: 'cancelled' })
    if (answer.type === 'absent') {
      this.#show({ kind: 'absent', unreadable: answer.unreadable })
      announce(notices, 'Not found')
    }
    if (answer.type !== 'found') return
    const hit = { start: answer.offset, end: answer.offset + answer.byteLength }
    const session = document.getState().open?.session
    session?.setHit(hit)
    caret.select(hit, query.kind === 'text' ? 'text' : 'hex')
    this.#show({ kind: 'found', hit, direction, isWrapped: answer.isWrapped, unreadable: answer.unreadable })
    const place = `0x${formatOffset(hit.start, offsetDigits(session?.byteLength ?? 0))}`
    announce(notices, `Found at ${place}${answer.isWrapped ? ', past the end of the file' : ''}`)
  }

  /** Next begins after the hit the caret stands on; previous means one that starts before the caret. */
  #startOf(direction: SearchDirection): number {
    const { search, caret, document } = this.#options
    const { outcome } = search.getState()
    const byteLength = document.getState().open?.session.byteLength ?? 0
    const isOnHit = outcome.kind === 'found' && outcome.hit.start === caret.offset
    const from = direction === 'forward' && isOnHit ? caret.offset + 1 : caret.offset
    return Math.min(from, byteLength)
  }

  #check(query: SearchQuery): SearchOutcome | undefined {
    if (query.text === '') return undefined
    const parsed = parseQuery(query)
    return 'problem' in parsed ? { kind: 'problem', problem: parsed.problem } : undefined
  }

  #clearHit(): void {
    this.#options.document.getState().open?.session.setHit(undefined)
  }

  #stop(): void {
    const running = this.#running
    this.#running = undefined
    running?.abort()
  }

  #show(outcome: SearchOutcome): void {
    const { search, notices, isBarOpen } = this.#options
    search.setState({ outcome })
    if (isBarOpen()) return
    const tone = outcome.kind === 'failed' ? 'danger' : 'info'
    const isSilent = outcome.kind === 'found' && !outcome.isWrapped && outcome.unreadable.length === 0
    if (isSilent || outcome.kind === 'idle' || outcome.kind === 'running' || outcome.kind === 'cancelled') return
    notify(notices, { key: 'find', tone, text: `${findStatus(outcome).text}.` })
  }
}
