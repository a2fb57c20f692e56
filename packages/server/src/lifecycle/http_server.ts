import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { CONNECTION_LIMITS, PARSER_LIMITS } from '../limits.ts'
import { listenOnEveryAddress } from './every_address.ts'

/** PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** The server below Fastify: one, whatever it listens on, with every limit that holds before there is a request. */
export function httpServer(handler: RequestListener, tls: TlsFiles | undefined): Server {
  // HTTP/2 brings nothing to ranges.
  const secure = { ...PARSER_LIMITS, ...tls, ALPNProtocols: ['http/1.1'], minVersion: 'TLSv1.2' } as const
  const server = tls === undefined ? createServer(PARSER_LIMITS, handler) : createSecureServer(secure, handler)
  const { keepAliveTimeout, requestTimeout, connectionTimeout, maxRequestsPerSocket } = CONNECTION_LIMITS
  Object.assign(server, { keepAliveTimeout, requestTimeout, maxRequestsPerSocket })
  server.setTimeout(connectionTimeout)
  listenOnEveryAddress(server)
  return server
}
