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
  const tell = ({ code }: ProblemError): void => {
    events.emit({ kind: 'refused', principal: ANONYMOUS, code, method: '', path: '' })
  }
  const refuse = (problem: ProblemError, socket: Duplex): void => {
    tell(problem)
    endWith(bareAnswer(problem), socket)
  }
  // Fastify's own would answer as well.
  app.server.removeAllListeners('clientError')
  const broken = new WeakSet<Duplex>()
  app.server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Each piece that comes behind is as wrong again.
    if (broken.has(socket)) return
    if (error.code === 'ECONNRESET' || !socket.writable) {
      if (!socket.writableEnded) socket.destroy()
      return
    }
    broken.add(socket)
    // RFC 9112 §9.6: what is sent behind a request that ends the connection is not looked at; that one is still answered.
    if (error.code === 'HPE_CLOSED_CONNECTION') whenAnswered(socket, () => socket.destroy())
    else whenAnswered(socket, () => refuse(problemOfParser(error), socket))
  })
  // Without a listener Node closes the connection, and says nothing.
  app.server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    // Node has let go of it: nobody else would hear of its errors.
    socket.on('error', () => undefined)
    whenAnswered(socket, () =>
      refuse(new ProblemError('ERR_UNSUPPORTED', 'this server is no proxy: there is no CONNECT'), socket),
    )
  })
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = new ProblemError('ERR_REQUEST', 'the only expectation that is met is 100-continue', { status: 417 })
    if (response.socket !== null) return refuse(problem, response.socket)
    // It waits behind other answers, and those that wait behind it would do so for ever if it were not ended.
    tell(problem)
    const { headers, body } = bareParts(problem)
    response.writeHead(problem.status, headers).end(body)
  })
  // Node lets go of a connection that asks for an upgrade, with all its timeouts, and ws takes none that still owes answers: nobody would ever close it.
  app.server.prependListener('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    if (!isOwing(socket)) return
    tell(new ProblemError('ERR_REQUEST', 'an upgrade waits for the answers before it'))
    socket.destroy()
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

/** Behind the answers to what came before, and never in the middle of one: these bytes would pass for its own. */
function whenAnswered(socket: Duplex, then: () => void): void {
  const answer = answerOf(socket)
  // Of a request whose body is what is wrong, there is none to be waited for.
  if (answer?.req.complete === true) answer.once('close', () => setImmediate(() => whenAnswered(socket, then)))
  else if (answer?.headersSent === true) socket.destroy()
  else if (!socket.destroyed) then()
}

function isOwing(socket: Duplex): boolean {
  return answerOf(socket) !== undefined
}

/** Node keeps the answer that has the connection with the socket. */
function answerOf(socket: Duplex): ServerResponse | undefined {
  return (socket as Duplex & { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}

/** Whether only its method is wrong: another program's protocol is no request, and a method of tomorrow's is one (RFC 9110 §15.6.2). */
function isRequestLine({ rawPacket, bytesParsed = 0 }: ParserError): boolean {
  if (rawPacket === undefined) return false
  const start = rawPacket.subarray(0, bytesParsed).lastIndexOf(0x0a) + 1
  const text = rawPacket.toString('latin1', start, start + MAX_REQUEST_LINE_LENGTH)
  return /^[!#$%&'*+.^_`|~\w-]+ \S+ HTTP\/1\.[01]\r?\n/.test(text)
}

function endWith(answer: string, socket: Duplex): void {
  socket.on('error', () => undefined)
  socket.end(answer)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.once('close', () => clearTimeout(timer))
}

function bareAnswer(problem: ProblemError): string {
  const { status } = problem
  const { headers, body } = bareParts(problem)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}

function bareParts(problem: ProblemError): { readonly headers: Record<string, string>; readonly body: string } {
  const body = JSON.stringify(problem.toProblem())
  const headers = {
    ...SECURITY_HEADERS,
    ...problem.headers,
    'cache-control': 'no-store',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    date: new Date().toUTCString(),
    connection: 'close',
  }
  return { headers, body }
}
