import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { DocumentInfo } from '@mapscope/protocol'
import type { FastifyInstance } from 'fastify'
import { type AppOptions, buildApp } from '../../src/app.ts'
import { atEnd } from './at_end.ts'

export const TOKEN = 'test-token-test-token-test-token-test-token'

const CLOSE_TIMEOUT_MS = 1_500

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** False when the connection broke before the promised length. */
  readonly isComplete: boolean
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | object
}

/** A real server on a real port, closed when the file's tests are done. */
export class Serving {
  readonly app: FastifyInstance
  readonly port: number

  private constructor(app: FastifyInstance, port: number) {
    this.app = app
    this.port = port
  }

  static async start(options: AppOptions, host = '127.0.0.1'): Promise<Serving> {
    const app = await buildApp({ token: TOKEN, ...options })
    await app.listen({ host, port: 0 })
    // A test may have left a connection half-way, which closing waits for. (The command gives it 1.5 s, too.)
    atEnd(() => {
      app.server.closeAllConnections()
      return Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())])
    })
    const address = app.server.address()
    if (address === null || typeof address === 'string') throw new Error('not listening')
    return new Serving(app, address.port)
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  ask(path: string, options: AskOptions = {}): Promise<Answer> {
    return ask(this.port, path, { ...options, headers: { authorization: `Bearer ${TOKEN}`, ...options.headers } })
  }

  async open(path: string): Promise<DocumentInfo> {
    const { status, body } = await this.ask('/api/v1/documents', { method: 'POST', body: { path } })
    if (status !== 200 && status !== 201) throw new Error(`opening ${path}: ${status} ${body}`)
    return JSON.parse(String(body)) as DocumentInfo
  }

  /** Half-open, as everywhere. */
  read(id: string, start: number, end: number): Promise<Answer> {
    return this.ask(`/api/v1/documents/${id}/bytes`, { headers: { range: `bytes=${start}-${end - 1}` } })
  }

  edit(
    id: string,
    edit: { offset: number; bytes: Uint8Array; expected?: Uint8Array; clientId?: string },
  ): Promise<Answer> {
    const { bytes, expected, ...rest } = edit
    const body = { ...rest, bytes: base64(bytes), ...(expected === undefined ? {} : { expected: base64(expected) }) }
    return this.ask(`/api/v1/documents/${id}/edits`, { method: 'POST', body })
  }
}

/** node:http and not fetch: fetch rewrites paths, refuses some headers and hides broken connections. */
export function ask(port: number, path: string, options: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send(port, path, options)
      .once('response', (response) => collect(response, resolve))
      .once('error', reject)
  })
}

export function send(port: number, path: string, { method = 'GET', headers = {}, body }: AskOptions): ClientRequest {
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: { ...type, ...headers }, agent: false })
  return request.end(text)
}

function collect(response: IncomingMessage, resolve: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A broken connection is an error event and then a close; whole answers close as well.
  response.on('error', () => undefined)
  response.once('close', () => {
    const { statusCode = 0, headers, complete } = response
    resolve({ status: statusCode, headers, body: Buffer.concat(chunks), isComplete: complete })
  })
}

export function problemOf(answer: Answer): { code: string; [member: string]: unknown } {
  const type = answer.headers['content-type']
  if (type?.startsWith('application/problem+json') !== true)
    throw new Error(`no problem: ${answer.status} ${type} ${answer.body}`)
  return JSON.parse(String(answer.body)) as { code: string }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
