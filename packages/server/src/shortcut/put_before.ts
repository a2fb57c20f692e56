import type { IncomingMessage, Server, ServerResponse } from 'node:http'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Has `take` look at each request first; what it does not take, untouched, goes to whoever answered until now. */
export function putBefore(server: Server, take: (request: IncomingMessage, response: ServerResponse) => boolean): void {
  const others = server.listeners('request') as Listener[]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (take(request, response)) return
    for (const listener of others) listener.call(server, request, response)
  })
}
