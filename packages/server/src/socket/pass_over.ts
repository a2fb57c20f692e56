import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { asksForWebsocket } from '../http/upgrade.ts'

type Listener = (request: IncomingMessage, socket: Socket, head: Buffer) => void

/**
 * Has requests for an upgrade to something else than a WebSocket (`h2c`, of `curl --http2`) answered as if there were no such wish. The plugin takes every
 * upgrade for a handshake, and Node has let go of the connection by then: it ends with the answer (`plugins/lifecycle.ts`).
 */
export function passOverOtherUpgrades({ server, routing }: FastifyInstance): void {
  const others = server.listeners('upgrade') as Listener[]
  server.removeAllListeners('upgrade')
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (asksForWebsocket(request.headers)) {
      for (const listener of others) listener.call(server, request, socket, head)
      return
    }
    socket.on('error', () => socket.destroy())
    const response = new ServerResponse(request)
    response.assignSocket(socket)
    routing(request, response)
  })
}
