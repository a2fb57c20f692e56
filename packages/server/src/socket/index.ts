import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import { SOCKET_PROTOCOL } from '@mapscope/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { ProblemError } from '../errors.ts'
import type { Principal } from '../guard/principal.ts'
import { asksForWebsocket } from '../http/upgrade.ts'
import { closeSocket, NOT_LET_IN } from '../lifecycle/close_sockets.ts'
import { problems } from '../routes/responses.ts'
import type { Services } from '../services.ts'
import { keepAlive } from './keep_alive.ts'
import { passOverOtherUpgrades } from './pass_over.ts'
import { SocketSession } from './session.ts'

/** A text to search for has up to 65,536 characters, which JSON may write with six each; nothing else is near it. */
const MAX_PAYLOAD = 512 * 1024

/** Upgrades. To be registered once, on the root, before any route. */
export async function registerWebsocket(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: MAX_PAYLOAD,
      // ws allows 16,384 fragments; nobody honest sends a message of ours in more than a few.
      maxFragments: 64,
      // Of one message's chunks as they come off the network; 262,144 by default, each with a buffer of its own.
      maxBufferedChunks: 1024,
      // Compression costs 15 times the throughput here and fragments memory (ws#1202); bytes go over HTTP anyway.
      perMessageDeflate: false,
      handleProtocols: (protocols) => (protocols.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    },
    // A protocol error or a reset of the client's; ws has closed the socket already or is about to.
    errorHandler: (error, socket, request) => {
      request.log.info({ err: error }, 'a socket failed')
      socket.terminate()
    },
    preClose: (done) => {
      for (const client of app.websocketServer.clients) client.terminate()
      app.websocketServer.close()
      done()
    },
  })
  passOverOtherUpgrades(app)
}

export const socketRoute: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  app.route({
    method: 'GET',
    url: '/socket',
    config: { takesUpgrade: true, role: 'view' },
    schema: {
      operationId: 'socket',
      summary: `Everything that happens, over a WebSocket of the subprotocol ${SOCKET_PROTOCOL}.`,
      response: { 101: { description: 'The connection is a WebSocket now.' }, ...problems(400, 401, 403, 426) },
    },
    preValidation: async (request) => assertHandshake(request),
    handler: () => {
      throw noWebsocket()
    },
    // Attached within this turn: a message that comes with the upgrade must find its listener.
    wsHandler: (socket: WebSocket, request) => {
      keepAlive(socket)
      endWhenRevoked(socket, request.principal, services)
      new SocketSession({
        socket,
        transport: request.raw.socket,
        services,
        principal: request.principal,
        log: request.log,
      })
    },
  })
}

/** A token that is taken back ends what it opened, between the guard's look and now as well. */
function endWhenRevoked(socket: WebSocket, principal: Principal, { credentials, underWay }: Services): void {
  const end = (): void => void closeSocket(socket, NOT_LET_IN)
  socket.once('close', underWay.add({ kind: 'socket', principal, end }))
  if (!credentials.isCurrent(principal)) end()
}

function assertHandshake(request: FastifyRequest): void {
  if (!asksForWebsocket(request.headers)) throw noWebsocket()
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  if (offered.includes(SOCKET_PROTOCOL)) return
  throw new ProblemError('ERR_REQUEST', `ask for a WebSocket of the subprotocol ${SOCKET_PROTOCOL}`)
}

function noWebsocket(): ProblemError {
  return new ProblemError('ERR_REQUEST', 'this address is a WebSocket; ask for an upgrade to it', {
    status: 426,
    headers: { upgrade: 'websocket', connection: 'upgrade, close' },
  })
}
