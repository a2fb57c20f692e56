import { Server as SecureServer } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { AllowedHosts } from '../guard/host.ts'
import type { OpenServices } from '../open_services.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Takes other settings without a restart. @throws TokenTableError, or Node's error of a certificate: nothing has changed then. */
    reconfigure(changes: Reconfiguration): void
  }
}

/** What can change while a server runs; what is absent stays. The table of tokens is read again in any case. */
export interface Reconfiguration {
  /** The link's token: another one ends every cookie, and what the former one opened. */
  readonly token?: string | undefined
  readonly allowedHosts?: readonly string[] | undefined
  /** For connections from now on. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
}

export interface Reconfigurable {
  readonly app: FastifyInstance
  readonly services: OpenServices
  readonly hosts: AllowedHosts
}

export function reconfigure({ app, services, hosts }: Reconfigurable, changes: Reconfiguration): void {
  const { token, allowedHosts, tls } = changes
  // First what may fail.
  if (tls !== undefined && app.server instanceof SecureServer) app.server.setSecureContext({ ...tls })
  services.rereadTokens(token)
  if (allowedHosts === undefined) return
  hosts.replace(allowedHosts)
  services.callers.forget()
}
