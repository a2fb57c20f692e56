import { connect } from 'node:net'

/** An answer as it came over the wire: names in lower case, a name that came twice joined by a line feed. */
export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  /** At most as much as was asked for. */
  readonly body: Buffer
  /** Whether the connection ended before the promised length (or before `mostBytes` of it). */
  readonly isBroken: boolean
}

export interface RawRequest {
  readonly port: number
  readonly method: string
  readonly target: string
  /** Sent as they are, in latin1: no client library mends them. */
  readonly headerLines: readonly string[]
  /** The connection is ended after so many bytes of the body. */
  readonly mostBytes: number
}

/** One request over a plain TCP connection. */
export function askRaw({ port, method, target, headerLines, mostBytes }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const reader = new AnswerReader(method === 'HEAD', mostBytes)
    const finish = (): void => {
      socket.destroy()
      const answer = reader.answer()
      if (answer === undefined) reject(new Error(`no answer to ${method} ${target} ${headerLines.join('; ')}`))
      else resolve(answer)
    }
    socket.on('data', (data: Buffer) => {
      if (reader.take(data)) finish()
    })
    socket.once('error', () => undefined)
    socket.once('close', finish)
    socket.write(
      `${[`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headerLines].join('\r\n')}\r\n\r\n`,
      'latin1',
    )
  })
}

class AnswerReader {
  readonly #isHead: boolean
  readonly #mostBytes: number
  #chunks: Buffer[] = []
  #byteLength = 0
  #headLength = -1
  #wanted = 0
  #status = 0
  #headers: Map<string, string> = new Map()

  constructor(isHead: boolean, mostBytes: number) {
    this.#isHead = isHead
    this.#mostBytes = mostBytes
  }

  /** True when there is no more to wait for. */
  take(data: Buffer): boolean {
    this.#chunks.push(data)
    this.#byteLength += data.length
    if (this.#headLength < 0) this.#parseHead()
    return this.#headLength >= 0 && this.#byteLength - this.#headLength >= this.#wanted
  }

  answer(): RawAnswer | undefined {
    if (this.#headLength < 0) return undefined
    const body = Buffer.concat(this.#chunks).subarray(this.#headLength)
    const isBroken = body.length < this.#wanted
    return { status: this.#status, headers: this.#headers, body: body.subarray(0, this.#wanted), isBroken }
  }

  #parseHead(): void {
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    const end = all.indexOf('\r\n\r\n')
    if (end < 0) return
    this.#headLength = end + 4
    const [first = '', ...lines] = all.subarray(0, end).toString('latin1').split('\r\n')
    this.#status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
    for (const line of lines) {
      const name = line.slice(0, line.indexOf(':')).toLowerCase()
      const value = line.slice(line.indexOf(':') + 1).trim()
      const before = this.#headers.get(name)
      this.#headers.set(name, before === undefined ? value : `${before}\n${value}`)
    }
    const promised = this.#isHead || this.#status === 304 ? 0 : Number(this.#headers.get('content-length') ?? 0)
    this.#wanted = Math.min(promised, this.#mostBytes)
  }
}
