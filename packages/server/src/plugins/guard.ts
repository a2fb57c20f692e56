import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../errors.ts'
import type { ServerEvents } from '../events/server_events.ts'
import { authorize, unauthorized } from '../guard/authorize.ts'
import type { Credentials } from '../guard/credentials.ts'
import { type AllowedHosts, hostCountOf, isHostAllowed, parseHost, targetAuthority } from '../guard/host.ts'
import type { KnownCallers } from '../guard/known_callers.ts'
import { ANONYMOUS, type Principal, type Role } from '../guard/principal.ts'
import { asksForWebsocket, hasLeftParser } from '../http/upgrade.ts'
import { loggedPath } from '../logging/redact.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is, with what it says of who may ask. */
    guardedRoutes: readonly RouteOptions[]
  }
  interface FastifyRequest {
    /** Who asks, as far as the guard knows. */
    principal: Principal
  }
  interface FastifyContextConfig {
    /** Answered without a token: the explorer's own files, the health check, the exchange of the token. Nothing else. */
    isPublic?: boolean
    /** The least role that it needs. A route that says nothing needs the highest. */
    role?: Role
    /** Takes the token from `?token=` too, for clients that can send no header. GET and HEAD only. */
    takesTokenInUrl?: boolean
    /** May become a WebSocket; every other upgrade is refused. */
    takesUpgrade?: boolean
  }
}

export interface GuardOptions {
  readonly credentials: Credentials
  readonly hosts: AllowedHosts
  readonly events: ServerEvents
  /** Told of everybody who was let in by a bearer token. */
  readonly callers: KnownCallers
  /** Throws when nothing may be served at all, as in evidence mode without an audit trail. */
  readonly assertServing?: (() => void) | undefined
}

/**
 * Name of the session cookie. Cookies know no ports, so two servers on one host must not share a name. Under TLS the prefix makes
 * the browser take it from this very host only, and over TLS only.
 */
export function sessionCookieName(request: FastifyRequest): string {
  const prefix = request.protocol === 'https' ? '__Host-' : ''
  return `${prefix}mapscope_${parseHost(request.headers.host)?.port ?? 0}`
}

/**
 * Who may ask, before anything else happens: every request, the socket's upgrade included, goes through this one hook. Routes are
 * closed unless they say `isPublic`, by the matched route and not by the URL's text, which has more spellings than one.
 */
async function guard(app: FastifyInstance, options: GuardOptions): Promise<void> {
  const { credentials, events, callers, assertServing, hosts } = options

  const routes: RouteOptions[] = []
  app.decorate('guardedRoutes', routes)
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  app.decorateRequest('principal')
  const admit = (request: FastifyRequest): void => {
    assertHost(request, hosts)
    if (isPublicRead(request)) return
    assertSameSite(request)
    if (isUnsafe(request)) assertOrigin(request)
    if (!isPublicRoute(request)) {
      const bearer = principalOfBearer(request, credentials)
      request.principal = bearer ?? principalOf(request, credentials) ?? ANONYMOUS
      if (request.principal === ANONYMOUS) throw unauthorized(HOW_TO_GET_IN)
      if (isUnsafe(request) && bearer === undefined) assertSaysOrigin(request)
      authorize(credentials, request.principal, roleOf(request))
      if (bearer !== undefined) callers.remember(request.raw, bearer)
    }
    assertServing?.()
    assertUpgradable(request)
  }
  // Not async: a promise for each request would be made for nothing.
  app.addHook('onRequest', (request, _reply, done) => {
    request.principal = ANONYMOUS
    try {
      admit(request)
    } catch (error) {
      tellRefusal(error, request, events)
      return done(error as Error)
    }
    done()
  })
}

const HOW_TO_GET_IN = 'open the link that the server printed, or send its token as a bearer token'

export const guardPlugin: typeof guard = fp(guard, { name: 'guard', dependencies: ['@fastify/cookie'] })

function assertHost(request: FastifyRequest, allowed: AllowedHosts): void {
  if (request.raw.httpVersionMinor >= 1 && hostCountOf(request.raw) !== 1)
    throw new ProblemError('ERR_REQUEST', 'HTTP/1.1 wants one Host header, and no more')
  const host = parseHost(targetAuthority(request.raw.url) ?? request.headers.host)
  if (host !== undefined && isHostAllowed(host.name, request.socket.localAddress, allowed)) return
  throw new ProblemError(
    'ERR_HOST_NOT_ALLOWED',
    'use the address the server printed, or allow this name when starting it',
  )
}

function tellRefusal(error: unknown, request: FastifyRequest, events: ServerEvents): void {
  if (!(error instanceof ProblemError)) return
  const { principal, method, url } = request
  events.emit({ kind: 'refused', principal, code: error.code, method, path: loggedPath(url) })
}

/** What is not there is not there for everyone who is let in. */
function roleOf(request: FastifyRequest): Role {
  return request.is404 ? 'view' : (request.routeOptions.config.role ?? 'admin')
}

/**
 * The WebSocket plugin would accept any upgrade of a client's that may ask, and close the connection afterwards. Other upgrades are passed over,
 * where there is nothing but the head to be read.
 */
function assertUpgradable(request: FastifyRequest): void {
  const { headers, method, raw } = request
  if (headers.upgrade === undefined) return
  if (!request.is404 && request.routeOptions.config.takesUpgrade === true) return
  if (asksForWebsocket(headers))
    throw new ProblemError('ERR_NOT_FOUND', 'only the socket takes an upgrade; ask without the Upgrade header')
  if (hasLeftParser(raw) && method !== 'GET' && method !== 'HEAD')
    throw new ProblemError('ERR_UNSUPPORTED', 'a request with a body is taken without an Upgrade header only')
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
  return !isRead || asksForWebsocket(request.headers)
}

/**
 * Browsers send Origin with every upgrade and every unsafe request. Without one it is a program, which must hold a token itself:
 * a cookie alone could be a browser too old to say where the request comes from. The exchange of a token is such a proof of its own.
 */
function assertOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined || origin === `${request.protocol}://${request.headers.host}`) return
  throw new ProblemError('ERR_ORIGIN_NOT_ALLOWED', 'the Origin is another site')
}

function assertSaysOrigin(request: FastifyRequest): void {
  if (request.headers.origin !== undefined) return
  throw new ProblemError('ERR_ORIGIN_NOT_ALLOWED', 'without an Origin, send the token as a bearer token')
}

function principalOfBearer(request: FastifyRequest, credentials: Credentials): Principal | undefined {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return token === undefined ? undefined : credentials.principalOfToken(token)
}

function principalOf(request: FastifyRequest, credentials: Credentials): Principal | undefined {
  const token = urlToken(request)
  const byToken = token === undefined ? undefined : credentials.principalOfToken(token)
  if (byToken !== undefined) return byToken
  const cookie = request.cookies[sessionCookieName(request)]
  return cookie === undefined ? undefined : credentials.principalOfCookie(cookie)
}

function urlToken(request: FastifyRequest): string | undefined {
  if (request.is404 || request.routeOptions.config.takesTokenInUrl !== true || isUnsafe(request)) return undefined
  const { query } = request
  const token = typeof query === 'object' && query !== null && 'token' in query ? query.token : undefined
  return typeof token === 'string' ? token : undefined
}
