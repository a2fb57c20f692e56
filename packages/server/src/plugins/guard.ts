import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'
import type { Credentials } from '../guard/credentials.ts'
import { isHostAllowed, parseHost } from '../guard/host.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token: the explorer's own files, the health check, the exchange of the token. Nothing else. */
    isPublic?: boolean
    /** Takes the token from `?token=` too, for clients that can send no header. GET and HEAD only. */
    takesTokenInUrl?: boolean
    /** May become a WebSocket; every other upgrade is refused. */
    takesUpgrade?: boolean
  }
}

export interface GuardOptions {
  readonly credentials: Credentials
  /** Host names, beyond loopback's and the socket's own address, that this server answers to. */
  readonly allowedHosts: readonly string[]
}

/** Name of the session cookie. Cookies know no ports, so two servers on one host must not share a name. */
export function sessionCookieName(request: FastifyRequest): string {
  return `mapscope_${parseHost(request.headers.host)?.port ?? 0}`
}

/**
 * Who may ask, before anything else happens: every request, the socket's upgrade included, goes through this one hook. Routes are
 * closed unless they say `isPublic`, by the matched route and not by the URL's text, which has more spellings than one.
 */
async function guard(app: FastifyInstance, { credentials, allowedHosts }: GuardOptions): Promise<void> {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))

  app.addHook('onRequest', async (request) => {
    assertHost(request, allowed)
    if (isPublicRead(request)) return
    assertSameSite(request)
    const isBearer = hasBearer(request, credentials)
    if (isUnsafe(request)) assertOrigin(request, isBearer)
    if (isPublicRoute(request) || isBearer || hasUrlToken(request, credentials) || hasCookie(request, credentials)) {
      assertUpgradable(request)
      return
    }
    throw new ProblemError(
      'ERR_UNAUTHORIZED',
      'open the link that the server printed, or send its token as a bearer token',
      {
        headers: { 'www-authenticate': 'Bearer realm="mapscope"' },
      },
    )
  })
}

export const guardPlugin: typeof guard = fp(guard, { name: 'guard', dependencies: ['@fastify/cookie'] })

function assertHost(request: FastifyRequest, allowed: ReadonlySet<string>): void {
  const host = parseHost(request.headers.host)
  if (host !== undefined && isHostAllowed(host.name, request.socket.localAddress, allowed)) return
  throw new ProblemError(
    'ERR_HOST_NOT_ALLOWED',
    'use the address the server printed, or allow this name when starting it',
  )
}

/** The WebSocket plugin would accept any upgrade of a client's that may ask, and close the connection afterwards. */
function assertUpgradable(request: FastifyRequest): void {
  if (request.headers.upgrade === undefined) return
  if (!request.is404 && request.routeOptions.config.takesUpgrade === true) return
  throw new ProblemError('ERR_NOT_FOUND', 'only the socket takes an upgrade; ask without the Upgrade header')
}

/** The page itself may be come to from anywhere: a link in a chat is a cross-site navigation. */
function isPublicRead(request: FastifyRequest): boolean {
  return isPublicRoute(request) && !isUnsafe(request)
}

function isPublicRoute(request: FastifyRequest): boolean {
  if (request.is404) return !/^\/(?:api|raw)(?:[/?]|$)/i.test(request.url)
  return request.routeOptions.config.isPublic === true
}

/** Other ports of this host are the same *site* but not the same origin, and cookies do go to them; so only ours may ask. */
function assertSameSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw new ProblemError('ERR_ORIGIN_NOT_ALLOWED', 'the request comes from a page of another site')
}

function isUnsafe(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS'
  return !isRead || request.headers.upgrade !== undefined
}

/**
 * Browsers send Origin with every upgrade and every unsafe request. Without one it is a program, which must hold the token
 * itself: a cookie alone could be a browser too old to say where the request comes from. The exchange of the token is such
 * a proof of its own.
 */
function assertOrigin(request: FastifyRequest, isBearer: boolean): void {
  const { origin } = request.headers
  if (origin === `${request.protocol}://${request.headers.host}`) return
  if (origin === undefined && (isBearer || isPublicRoute(request))) return
  const detail =
    origin === undefined ? 'without an Origin, send the token as a bearer token' : 'the Origin is another site'
  throw new ProblemError('ERR_ORIGIN_NOT_ALLOWED', detail)
}

function hasBearer(request: FastifyRequest, credentials: Credentials): boolean {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return token !== undefined && credentials.isToken(token)
}

function hasCookie(request: FastifyRequest, credentials: Credentials): boolean {
  const value = request.cookies[sessionCookieName(request)]
  return value !== undefined && credentials.isCookie(value)
}

function hasUrlToken(request: FastifyRequest, credentials: Credentials): boolean {
  if (request.is404 || request.routeOptions.config.takesTokenInUrl !== true || isUnsafe(request)) return false
  const { query } = request
  const token = typeof query === 'object' && query !== null && 'token' in query ? query.token : undefined
  return typeof token === 'string' && credentials.isToken(token)
}
