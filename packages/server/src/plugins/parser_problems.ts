import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'
import type { ServerEvents } from '../events/server_events.ts'
import { ANONYMOUS } from '../guard/principal.ts'
import { SECURITY_HEADERS } from './security_headers.ts'

export interface ParserProblemsOptions {
  readonly events: ServerEvents
}

/**
 * What never becomes a request (bytes that are no HTTP, headers without end, a handshake that is none) is answered as everything else is: problem
 * details, and the connection ends, for nobody knows where its next request would begin.
 */
async function parserProblems(app: FastifyInstance, { events }: ParserProblemsOptions): Promise<void> {
  const refuse = (problem: ProblemError, socket: Duplex): void => {
    events.emit({ kind: 'refused', principal: ANONYMOUS, code: problem.code, method: '', path: '' })
    endWith(bareAnswer(problem), socket)
  }
  // Fastify's own would answer as well.
  app.server.removeAllListeners('clientError')
  app.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (isAnswerable(error, socket)) refuse(problemOfParser(error), socket)
    else if (!socket.writableEnded) socket.destroy()
  })
  // Without a listener Node closes the connection, and says nothing.
  app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    refuse(new ProblemError('ERR_UNSUPPORTED', 'this server is no proxy: there is no CONNECT'), socket)
  })
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    if (response.socket === null) return
    const detail = 'the only expectation that is met is 100-continue'
    refuse(new ProblemError('ERR_REQUEST', detail, { status: 417 }), response.socket)
  })
  app.websocketServer.on('wsClientError', (error: Error, socket: Duplex) => {
    refuse(new ProblemError('ERR_REQUEST', `it is no handshake of a WebSocket: ${error.message}`), socket)
  })
}

export const parserProblemsPlugin: typeof parserProblems = fp(parserProblems, { name: 'parser-problems' })

/** How long the rest of what is sent is thrown away: a connection that is closed with bytes unread is reset, and its answer lost. */
const LINGER_MS = 500
const MAX_REQUEST_LINE_LENGTH = 4_096
const NO_HTTP = 'what was sent is not HTTP/1.1 as RFC 9112 has it'

interface ParserError extends NodeJS.ErrnoException {
  /** What came last off the network, and how far the parser got in it. */
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

function problemOfParser(error: ParserError): ProblemError {
  switch (error.code) {
    case 'HPE_INVALID_METHOD':
      return isRequestLine(error)
        ? new ProblemError('ERR_UNSUPPORTED', 'there is no such method')
        : new ProblemError('ERR_REQUEST', NO_HTTP)
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('ERR_TOO_LARGE', 'the headers of a request may have 16 KiB together', { status: 431 })
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ProblemError('ERR_TOO_LARGE', 'the chunk extensions of the body are too large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('ERR_REQUEST', 'the request did not come to its end in time', { status: 408 })
    default:
      return new ProblemError('ERR_REQUEST', NO_HTTP)
  }
}

/** Whether only its method is wrong: another program's protocol is no request, and a method of tomorrow's is one (RFC 9110 §15.6.2). */
function isRequestLine({ rawPacket, bytesParsed = 0 }: ParserError): boolean {
  if (rawPacket === undefined) return false
  const start = rawPacket.subarray(0, bytesParsed).lastIndexOf(0x0a) + 1
  const text = rawPacket.toString('latin1', start, start + MAX_REQUEST_LINE_LENGTH)
  return /^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/1\.[01]\r?\n/.test(text)
}

/** Not in the middle of another answer: these bytes would pass for its own. Node keeps the one that is being sent with the socket. */
function isAnswerable(error: NodeJS.ErrnoException, socket: Duplex): boolean {
  const { _httpMessage: current } = socket as Duplex & { readonly _httpMessage?: ServerResponse | null }
  return error.code !== 'ECONNRESET' && socket.writable && current?.headersSent !== true
}

function endWith(answer: string, socket: Duplex): void {
  socket.on('error', () => undefined)
  socket.end(answer)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.once('close', () => clearTimeout(timer))
}

function bareAnswer(problem: ProblemError): string {
  const { status, headers } = problem
  const body = JSON.stringify(problem.toProblem())
  const all = {
    ...SECURITY_HEADERS,
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    date: new Date().toUTCString(),
    connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}
