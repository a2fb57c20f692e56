import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeRanges } from '@mapscope/protocol'

/** What one answer of the peer does instead of the right thing; `undefined` is the right thing. */
export type Misbehaviour =
  | 'wrong-range'
  | 'whole-file'
  | 'wrong-revision'
  | 'no-revision'
  | 'cut-connection'
  | 'server-error'

/** A server of one document over real HTTP, as the protocol says, with faults on demand: the other side, not a mock of ours. */
export class RangeServer {
  bytes: Uint8Array
  revision = 1
  unreadable: { start: number; end: number }[] = []
  /** Asked for every bytes request, in order of arrival. */
  misbehave: (start: number) => Misbehaviour | undefined = () => undefined
  /** Answers are held back until this resolves. */
  gate: Promise<void> = Promise.resolve()
  readonly asked: { start: number; end: number; revision: number }[] = []
  aborted = 0
  mostAtOnce = 0
  url = ''
  #atOnce = 0
  readonly #server: Server

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x')
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    const start = Number(match?.[1])
    const end = Number(match?.[2]) + 1
    this.asked.push({ start, end, revision: Number(url.searchParams.get('revision')) })
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    response.on('close', () => {
      this.#atOnce--
      if (!response.writableFinished) this.aborted++
    })
    const fault = this.misbehave(start)
    await this.gate
    if (response.destroyed) return
    if (Number(url.searchParams.get('revision')) !== this.revision) {
      this.#problem(response, 409, 'ERR_REVISION', { revision: this.revision })
    } else if (fault === 'cut-connection') response.destroy()
    else if (fault === 'server-error') this.#problem(response, 500, 'ERR_INTERNAL', {})
    else this.#sendBytes(response, { start, end }, fault)
  }

  #sendBytes(response: ServerResponse, asked: { start: number; end: number }, fault: Misbehaviour | undefined): void {
    const { start } = asked
    const end = Math.min(asked.end, this.bytes.length)
    const gaps = this.unreadable.filter((gap) => gap.start < end && gap.end > start)
    const first = gaps[0]
    if (first !== undefined && first.start <= start) {
      this.#problem(response, 410, 'ERR_UNREADABLE', { unreadable: gaps })
      return
    }
    const stop = first?.start ?? end
    const total = this.bytes.length
    const shift = fault === 'wrong-range' ? 1 : 0
    if (gaps.length > 0) response.setHeader('mapscope-unreadable', encodeRanges(gaps))
    if (fault !== 'no-revision') {
      response.setHeader('mapscope-revision', String(this.revision + (fault === 'wrong-revision' ? 1 : 0)))
    }
    if (fault === 'whole-file') {
      response.writeHead(200, { 'content-length': total })
      response.end(this.bytes)
      return
    }
    response.writeHead(206, {
      'content-length': stop - start,
      'content-range': `bytes ${start + shift}-${stop - 1 + shift}/${total}`,
    })
    response.end(this.bytes.subarray(start, stop))
  }

  #problem(response: ServerResponse, status: number, code: string, extras: object): void {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: 'about:blank', title: code, status, detail: code, code, ...extras }))
  }
}
