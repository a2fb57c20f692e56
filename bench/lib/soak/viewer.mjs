import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'

/** Refusals that a changing file makes right: gone bytes, another revision, an end that is nearer than was thought, a precondition. */
const EXPECTED = new Set([404, 409, 410, 412, 416, 503])

/** One person with a tab: reads ranges and whole files, breaks off, opens documents, connects and connects again. */
export class Viewer {
  constructor({ soak, random }) {
    Object.assign(this, { soak, random, agent: new Agent({ keepAlive: true, maxSockets: 2 }), revisions: new Map() })
  }

  async run(until) {
    while (Date.now() < until) {
      const kind = this.random(10)
      if (kind < 5) await this.#readRaw()
      else if (kind < 8) await this.#readDocument()
      else await this.#useSocket()
    }
    this.socket?.terminate()
    this.agent.destroy()
  }

  async #readRaw() {
    const file = this.#pick()
    const range = this.#range(file)
    const headers =
      this.random(10) === 0 && file.byteLength < 2 ** 24 ? {} : { range: `bytes=${range.start}-${range.end - 1}` }
    await this.#read(file, `/raw/soak/${file.name}`, { headers, start: headers.range ? range.start : 0 })
  }

  async #readDocument() {
    const file = this.#pick()
    const document = await this.soak.openDocument(file.name)
    const { start, end } = this.#range(file)
    const query = this.random(2) === 0 ? '' : `?revision=${document.revision}`
    const headers = { range: `bytes=${start}-${end - 1}` }
    await this.#read(file, `/api/v1/documents/${document.id}/bytes${query}`, { headers, start })
  }

  /** Every byte that came is looked at, of answers that broke off, too. */
  async #read(file, path, { headers, start }) {
    const { soak } = this
    const from = soak.step
    const cancelAt = this.random(5) === 0 ? this.random(200_000) : Number.POSITIVE_INFINITY
    const answer = await this.#ask(path, headers, cancelAt)
    soak.counts.requests++
    if (answer.status === 0) return void soak.counts.broken++
    if (EXPECTED.has(answer.status)) return void soak.counts.refused++
    if (answer.status !== 200 && answer.status !== 206)
      return soak.fail({ path, status: answer.status, body: String(answer.body).slice(0, 300) })
    if (answer.isCancelled) soak.counts.cancelled++
    else if (!answer.isComplete) soak.counts.broken++
    const wrong = file.wrongIn(answer.body, start, from)
    if (wrong !== undefined) soak.fail({ path, ...wrong })
    soak.counts.checkedBytes += answer.body.length
  }

  #ask(path, headers, cancelAt) {
    return new Promise((resolve) => {
      const { port, headers: own } = this.soak
      const asked = request({ host: '127.0.0.1', port, path, agent: this.agent, headers: { ...own, ...headers } })
      asked.on('error', () => resolve({ status: 0 }))
      asked.on('response', (response) => {
        const chunks = []
        let length = 0
        let isCancelled = false
        response.on('data', (chunk) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > cancelAt && !isCancelled) {
            isCancelled = true
            asked.destroy()
          }
        })
        response.on('error', () => undefined)
        response.once('close', () =>
          resolve({
            status: response.statusCode,
            body: Buffer.concat(chunks),
            isComplete: response.complete,
            isCancelled,
          }),
        )
      })
      asked.end()
    })
  }

  async #useSocket() {
    const { soak } = this
    if (this.socket !== undefined && this.random(3) === 0) {
      // As a tab that is closed, or as a network that is gone.
      if (this.random(2) === 0) this.socket.close()
      else this.socket.terminate()
      this.socket = undefined
      return
    }
    this.socket ??= await this.#connect()
    if (this.socket === undefined) return
    const document = await soak.openDocument(this.#pick().name)
    this.#send({ type: 'open', id: ++soak.nextId, documentId: document.id })
    this.#send({ type: 'ping', id: ++soak.nextId })
    await new Promise((resolve) => setTimeout(resolve, this.random(50)))
  }

  #send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  #connect() {
    const { soak } = this
    const socket = new WebSocket(`ws://127.0.0.1:${soak.port}/api/v1/socket`, 'mapscope.v1', { headers: soak.headers })
    this.revisions.clear()
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#hear(JSON.parse(String(data)))
    })
    soak.counts.sockets++
    return new Promise((resolve) => {
      socket.once('open', () => resolve(socket))
      socket.on('error', () => resolve(undefined))
    })
  }

  /** A document's revision never falls, and no change is told twice. */
  #hear(message) {
    this.soak.counts.messages++
    if (message.type !== 'changed' && message.type !== 'opened') return
    const { id, revision } = message.document
    const last = this.revisions.get(id) ?? 0
    if (revision < last || (message.type === 'changed' && revision === last && message.ranges?.length > 0))
      this.soak.fail({ what: 'a revision that is not newer', id, last, revision, type: message.type })
    this.revisions.set(id, revision)
  }

  #pick() {
    return this.soak.files[this.random(this.soak.files.length)]
  }

  /** Anywhere, and half of the time where there is data: the large file is a hole nearly everywhere. */
  #range({ byteLength, firstBlock }) {
    const least = this.random(2) === 0 ? firstBlock * 4096 : 0
    const start = least + this.random(byteLength - least)
    return { start, end: Math.min(start + 1 + this.random(300_000), byteLength) }
  }
}
