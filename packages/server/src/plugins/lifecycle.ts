import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'
import { asksForWebsocket, hasLeftParser } from '../http/upgrade.ts'
import { closeSockets } from '../lifecycle/close_sockets.ts'
import { Connections } from '../lifecycle/connections.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import { closeWithConnection } from '../lifecycle/pipelined.ts'
import { CONNECTION_LIMITS } from '../limits.ts'

declare module 'fastify' {
  interface FastifyInstance {
    lifecycle: Lifecycle
    connections: Connections
  }
  interface FastifyContextConfig {
    /** Answered to the end, also while the server is closing. */
    isAnsweredWhileClosing?: boolean
  }
}

export interface LifecyclePluginOptions {
  readonly lifecycle: Lifecycle
}

/**
 * How the server ends, in `preClose`, while it still listens: whoever asks meanwhile is told that it is closing, and by
 * `/healthz`, too. A closed port would say the same of a crash.
 */
async function lifecycleHooks(app: FastifyInstance, { lifecycle }: LifecyclePluginOptions): Promise<void> {
  const connections = new Connections(app.server)
  app.decorate('lifecycle', lifecycle)
  app.decorate('connections', connections)

  app.addHook('onRequest', (request, reply, done) => {
    if (hasLeftParser(request.raw)) {
      reply.header('connection', 'close')
      endAfterAnswer(request, reply.raw)
    } else closeWithConnection(request.raw, reply.raw)
    // A WebSocket never finishes an answer; how it ends is its own matter.
    if (!asksForWebsocket(request.headers)) connections.addAnswer(reply.raw)
    if (lifecycle.state === 'ok') return done()
    reply.header('connection', 'close')
    const isRefused = request.is404 || request.routeOptions.config.isAnsweredWhileClosing !== true
    done(isRefused ? closing() : undefined)
  })

  app.addHook('preClose', async () => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), lifecycle.graceMs)
    if (lifecycle.graceMs === 0) late.abort()
    const { signal } = late
    await Promise.all([
      lifecycle.close(signal, (error) => app.log.error({ err: error }, 'not everything was saved before the end')),
      closeSockets(app.websocketServer.clients, signal),
      connections.idle(signal),
    ])
    clearTimeout(timer)
    connections.destroyAll()
  })
}

export const lifecyclePlugin: typeof lifecycleHooks = fp(lifecycleHooks, { name: 'lifecycle' })

function closing(): ProblemError {
  return new ProblemError('ERR_CLOSING', 'the server is ending; ask again once it is back', {
    headers: { 'retry-after': '5' },
  })
}

/**
 * An upgrade that is not taken leaves a connection that Node's parser has let go of: none of its timeouts sees it any more, and anybody could leave
 * descriptors behind by the thousand, without a token. One that is taken never finishes an answer.
 */
function endAfterAnswer(
  { headers, raw: { socket } }: FastifyRequest,
  answer: { once(event: 'finish', listener: () => void): void },
): void {
  answer.once('finish', () => socket.destroySoon())
  if (!asksForWebsocket(headers)) socket.setTimeout(CONNECTION_LIMITS.connectionTimeout, () => socket.destroy())
}
