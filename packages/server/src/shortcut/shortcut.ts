import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFileStill, MAX_LOAN_BYTE_LENGTH } from '@mapscope/core'
import type { ByteRange } from '@mapscope/protocol'
import { isLive } from '../delivery/live.ts'
import { MAX_COPY_BYTE_LENGTH } from '../delivery/piece.ts'
import type { SharedSources } from '../delivery/shared_sources.ts'
import type { ServerEvents } from '../events/server_events.ts'
import type { ByteShares } from '../guard/byte_shares.ts'
import type { KnownCallers } from '../guard/known_callers.ts'
import type { Principal } from '../guard/principal.ts'
import type { Shares } from '../guard/shares.ts'
import type { UnderWay } from '../guard/under_way.ts'
import { contentRange } from '../http/content.ts'
import { httpDate } from '../http/date_now.ts'
import { planAnswer } from '../http/plan.ts'
import type { Connections } from '../lifecycle/connections.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import { CONNECTION_LIMITS } from '../limits.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Body } from './body.ts'
import { CopiedBody } from './copied_body.ts'
import type { KnownFile, KnownFiles } from './known_files.ts'
import { LentBody } from './lent_body.ts'
import { HEAD_ROOM, Sheets } from './sheets.ts'

export interface ShortcutOptions {
  readonly callers: KnownCallers
  readonly files: KnownFiles
  readonly sources: SharedSources
  readonly streams: Shares
  readonly underWay: UnderWay
  readonly bytesUnderWay: ByteShares
  readonly connections: Connections
  readonly lifecycle: Lifecycle
  readonly metrics: Metrics
  readonly events: ServerEvents
  /** Throws when nothing may be served at all. */
  readonly assertServing: () => void
  /** The pattern of the route that it is a shortcut of, as the metrics call it. */
  readonly route: string
}

/** Found out without leaving a trace: what is to be sent, all of it true. */
interface Ready {
  readonly file: KnownFile
  readonly principal: Principal
  readonly status: 200 | 206
  readonly range: ByteRange
  readonly body: Body
  /** Gives back the shares of downloads and of bytes under way. */
  readonly release: () => void
}

/** What a head says besides the file's own lines is less than 500 signs. */
const MAX_HEAD_LENGTH: number = HEAD_ROOM - 500
const { keepAliveTimeout, maxRequestsPerSocket } = CONNECTION_LIMITS
const KEEP_ALIVE = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeout / 1_000)}, max=${maxRequestsPerSocket}\r\n`

/**
 * Answers again what the long way (guard, routes, responder) has answered on the same connection from the same file: ranges of /raw that are in memory. Whatever is not exactly that it leaves to the long way, untouched; so it refuses nothing and fails at nothing, and what it does
 * answer is told to the same listeners and looks the same on the wire. The long way takes three times the instructions.
 */
export class Shortcut {
  readonly #options: ShortcutOptions
  readonly #sheets: Sheets = new Sheets()

  constructor(options: ShortcutOptions) {
    this.#options = options
  }

  /** False: not taken, and nothing has happened. */
  readonly take = (request: IncomingMessage, response: ServerResponse): boolean => {
    const startMs = performance.now()
    const ready = this.#prepare(request, response)
    if (ready === undefined) return false
    const { file, status, range, body } = ready
    this.#options.connections.beginAnswer()
    // `on`: it comes once, and `once` costs a wrapper and its removal.
    response.on('close', () => this.#end(ready, response, startMs))
    // What others may ask of the response.
    response.statusCode = status
    body.send(response, headOf(file, status, range))
    return true
  }

  #prepare(request: IncomingMessage, response: ServerResponse): Ready | undefined {
    const { files, callers, lifecycle, assertServing } = this.#options
    const file = files.get(request.url)
    if (
      file === undefined ||
      file.headLines.length > MAX_HEAD_LENGTH ||
      !isPlain(request, response) ||
      lifecycle.state !== 'ok'
    )
      return undefined
    try {
      const principal = callers.admit(request, 'view')
      if (principal === undefined) return undefined
      assertServing()
      return this.#read(request, file, principal)
    } catch {
      // A token struck out, a limit, a full disk under the audit trail: the long way meets it again, and says so.
      return undefined
    }
  }

  #read(request: IncomingMessage, file: KnownFile, principal: Principal): Ready | undefined {
    const { files } = this.#options
    const plan = planAnswer({ method: 'GET', headers: request.headers }, file, Date.now())
    if (plan.kind !== 'part' && plan.kind !== 'whole') return undefined
    const { range } = plan
    const status = plan.kind === 'part' ? 206 : 200
    const body = this.#bodyOf(file, range)
    if (body === undefined) return undefined
    // Of the very state that the tag is of: nothing about the file has changed since the long way opened it, and the bytes were read in between.
    if (isFileStill(file.place, file.state)) {
      const release = this.#takeShares(request, principal, body)
      if (release !== undefined) return { file, principal, status, range, body, release }
    } else files.forget(request.url)
    body.release()
    return undefined
  }

  #bodyOf(file: KnownFile, range: ByteRange): Body | undefined {
    const { sources } = this.#options
    const byteLength = range.end - range.start
    if (byteLength <= MAX_COPY_BYTE_LENGTH) {
      const direct = sources.peek(file.sourceKey)?.direct
      if (direct === undefined) return undefined
      const sheet = this.#sheets.take(byteLength)
      if (direct.copyInMemory(range.start, sheet.body)) return new CopiedBody(range, sheet, this.#sheets)
      this.#sheets.giveBack(sheet)
      return undefined
    }
    if (byteLength > MAX_LOAN_BYTE_LENGTH || isLive(file.changedMs)) return undefined
    const shared = sources.acquireKept(file.sourceKey)
    const body = shared && LentBody.of(range, file.status, shared)
    if (body === undefined) shared?.release()
    return body
  }

  #takeShares({ socket }: IncomingMessage, principal: Principal, { lentByteLength }: Body): (() => void) | undefined {
    const { streams, bytesUnderWay, underWay } = this.#options
    if (streams.isFull(principal.name)) return undefined
    const giveBack = lentByteLength === 0 ? undefined : bytesUnderWay.tryTake(principal.name, lentByteLength)
    if (lentByteLength > 0 && giveBack === undefined) return undefined
    const release = streams.take(principal.name)
    const forget = underWay.add({ kind: 'download', principal, end: () => socket.destroy() })
    return () => {
      giveBack?.()
      release()
      forget()
    }
  }

  #end({ file, principal, status, range, body, release }: Ready, response: ServerResponse, startMs: number): void {
    const { connections, events, metrics, route } = this.#options
    const isWhole = response.writableFinished
    body.release()
    release()
    connections.endAnswer()
    if (isWhole) {
      const seconds = (performance.now() - startMs) / 1_000
      metrics.countRequest({ method: 'GET', route, status, seconds })
    }
    const { path, etag } = file
    const { handedEnd, isChanged } = body
    const ranges = handedEnd > range.start ? [{ start: range.start, end: handedEnd }] : []
    const outcome = isWhole ? 'complete' : isChanged ? 'changed' : 'aborted'
    events.emit({ kind: 'served', principal, via: 'raw', path, etag, status, ranges, outcome })
  }
}

/** What any HTTP/1.1 client sends to read; nothing that would have the connection end, or wait for another answer first. */
function isPlain({ method, headers, httpVersionMinor }: IncomingMessage, response: ServerResponse): boolean {
  if (method !== 'GET' || httpVersionMinor !== 1 || !response.shouldKeepAlive || response.socket === null) return false
  if ((response as { readonly maxRequestsOnConnectionReached?: boolean }).maxRequestsOnConnectionReached === true)
    return false
  return (
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.expect === undefined
  )
}

function headOf({ headLines, byteLength }: KnownFile, status: 200 | 206, range: ByteRange): string {
  const length = `content-length: ${range.end - range.start}\r\n`
  const start = status === 206 ? 'HTTP/1.1 206 Partial Content\r\n' : 'HTTP/1.1 200 OK\r\n'
  const place = status === 206 ? `content-range: ${contentRange(range, byteLength)}\r\n` : ''
  return `${start}${headLines}${length}${place}Date: ${httpDate(Date.now())}\r\n${KEEP_ALIVE}\r\n`
}
