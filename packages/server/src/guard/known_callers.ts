import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Credentials } from './credentials.ts'
import { hostCountOf } from './host.ts'
import { isRoleEnough, type Principal, type Role } from './principal.ts'

interface Caller {
  readonly host: string
  readonly authorization: string
  readonly principal: Principal
  readonly generation: number
}

/**
 * What each connection has shown to be let in: who shows the very same again is the same. Hashing the token and comparing it with every holder's
 * take a tenth of a small answer. That two texts are compared as they are tells nobody anything: each connection only with its own, which its
 * client knows.
 */
export class KnownCallers {
  readonly #credentials: Credentials
  #callers: WeakMap<Socket, Caller> = new WeakMap()

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** The guard let it in, by its bearer token. */
  remember({ headers, socket }: IncomingMessage, principal: Principal): void {
    const { host, authorization } = headers
    if (host === undefined || authorization === undefined) return
    this.#callers.set(socket, { host, authorization, principal, generation: this.#credentials.generation })
  }

  /** Something else than the table of tokens decides otherwise from now on. */
  forget(): void {
    this.#callers = new WeakMap()
  }

  /**
   * Who asks, where the guard would let this one in as it did before: the same host and token on the same connection, a table of tokens that is
   * still the same, a token that has not expired and may do what needs `role`. `undefined`: ask the guard. Only for reading.
   */
  admit(request: IncomingMessage, role: Role): Principal | undefined {
    const { headers, socket } = request
    const caller = this.#callers.get(socket)
    if (caller === undefined || caller.generation !== this.#credentials.generation) return undefined
    const isSame = headers.authorization === caller.authorization && headers.host === caller.host
    // What a browser or an upgrade adds is the guard's to judge.
    if (!isSame || headers['sec-fetch-site'] !== undefined || headers.upgrade !== undefined) return undefined
    if (hostCountOf(request) !== 1) return undefined
    const { principal } = caller
    return isRoleEnough(principal.role, role) && this.#credentials.isCurrent(principal) ? principal : undefined
  }
}
