import { type ByteRange, compileQuery, formatOffset, offsetDigits } from '@mapscope/core/shared'
import type { SearchDirection } from '@mapscope/protocol'
import { messageOf } from '../client/client_error.ts'
import type { SearchAnswer, SocketClient } from '../client/socket.ts'
import type { DocumentStore } from '../state/document.ts'
import { announce, type NoticesStore, notify } from '../state/notices.ts'
import type { FindQuery, SearchOutcome, SearchStore } from '../state/search.ts'
import type { Caret } from './caret.ts'
import { FIND_KINDS, toSearch } from './find_kinds.ts'
import { findStatus } from './find_text.ts'
import type { DocumentSession } from './session.ts'

export interface FinderOptions {
  readonly search: SearchStore
  readonly document: DocumentStore
  readonly notices: NoticesStore
  readonly socket: Pick<SocketClient, 'search'>
  readonly caret: Caret
  /** Whether the find bar shows outcomes; without it (F3 with the bar closed) they are shown as notices. */
  readonly isBarOpen: () => boolean
}

interface Running {
  readonly abort: AbortController
  readonly session: DocumentSession
  readonly query: FindQuery
  readonly from: number
  readonly direction: SearchDirection
  /** Asked for once more meanwhile: goes on behind the hit. One is enough: nobody counts key presses they see no answer to. */
  isAskedAgain: boolean
}

/** Find next and previous: one search at a time, on the server, given up the moment it is not wanted any more. */
export class Finder {
  readonly #options: FinderOptions
  #running: Running | undefined
  /** Outlives the outcome, which Esc and a closed bar clear: the next search must not find the same hit again. */
  #lastHit: ByteRange | undefined

  constructor(options: FinderOptions) {
    this.#options = options
    options.document.subscribe((present, before) => {
      const isSame = present.open?.session === before.open?.session && present.open?.info.id === before.open?.info.id
      if (!isSame) this.#forgetDocument()
    })
  }

  /** What is typed or chosen anew; the rest stays. */
  setQuery(change: Partial<FindQuery>): void {
    const query = { ...this.#options.search.getState().query, ...change }
    this.#stop()
    this.#lastHit = undefined
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
    if (this.#running?.direction === direction && this.#running.from === from) {
      this.#running.isAskedAgain = true
      return
    }
    this.#stop()
    const running: Running = { abort: new AbortController(), session, query, from, direction, isAskedAgain: false }
    this.#running = running
    this.#show({ kind: 'running', direction, scanned: 0, total: session.byteLength })
    void this.#search(running)
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

  async #search(running: Running): Promise<void> {
    const { session, query, from, direction } = running
    try {
      const answer = await this.#options.socket.search({
        documentId: session.info.id,
        query: toSearch(query),
        from,
        direction,
        signal: running.abort.signal,
        onProgress: (scanned, total) => {
          if (this.#running === running) this.#show({ kind: 'running', direction, scanned, total })
        },
      })
      if (this.#running === running) this.#finish(answer, running)
    } catch (error) {
      if (this.#running !== running) return
      this.#running = undefined
      this.#show({ kind: 'failed', message: messageOf(error) })
      announce(this.#options.notices, `Search failed: ${messageOf(error)}`)
    }
  }

  #finish(answer: SearchAnswer, { session, query, direction, isAskedAgain }: Running): void {
    this.#running = undefined
    const { notices, caret } = this.#options
    if (answer.type === 'cancelled') this.#show({ kind: 'cancelled' })
    if (answer.type === 'absent') {
      this.#show({ kind: 'absent', unreadable: answer.unreadable })
      announce(notices, 'Not found')
    }
    if (answer.type !== 'found') return
    const hit = { start: answer.offset, end: answer.offset + answer.byteLength }
    this.#lastHit = hit
    session.setHit(hit)
    caret.select(hit, FIND_KINDS[query.kind].pane)
    this.#show({ kind: 'found', hit, direction, isWrapped: answer.isWrapped, unreadable: answer.unreadable })
    const place = `0x${formatOffset(hit.start, offsetDigits(session.byteLength))}`
    announce(notices, `Found at ${place}${answer.isWrapped ? ', past the end of the file' : ''}`)
    if (isAskedAgain) this.find(direction)
  }

  /** Next begins after the hit the caret stands on; previous means one that starts before the caret. */
  #startOf(direction: SearchDirection): number {
    const { caret, document } = this.#options
    const byteLength = document.getState().open?.session.byteLength ?? 0
    const isOnHit = this.#lastHit?.start === caret.offset
    const from = direction === 'forward' && isOnHit ? caret.offset + 1 : caret.offset
    return Math.min(from, byteLength)
  }

  #check(query: FindQuery): SearchOutcome | undefined {
    if (query.text === '') return undefined
    const parsed = compileQuery(toSearch(query))
    return 'problem' in parsed ? { kind: 'problem', problem: parsed.problem } : undefined
  }

  /** What was sought and found in another document says nothing of this one. */
  #forgetDocument(): void {
    this.#stop()
    this.#lastHit = undefined
    const { search } = this.#options
    search.setState({ outcome: this.#check(search.getState().query) ?? { kind: 'idle' } })
  }

  #clearHit(): void {
    this.#options.document.getState().open?.session.setHit(undefined)
  }

  #stop(): void {
    const running = this.#running
    this.#running = undefined
    running?.abort.abort()
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
