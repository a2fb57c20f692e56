import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * On every answer, also on refusals. No Referer ever, because the printed link carries the token; no inline script; no frame
 * around us. Pictures from `data:` are what a bundler makes of small ones.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Set before the guard runs, so that what the guard refuses has them too. */
async function securityHeaders(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS)
    done()
  })
}

export const securityHeadersPlugin: typeof securityHeaders = fp(securityHeaders, { name: 'security-headers' })
