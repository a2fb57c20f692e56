import { createToken, digestOf } from './credentials.ts'
import type { Principal } from './principal.ts'

const LIFETIME_MS = 5 * 60_000
/** Codes of one principal not redeemed yet, beyond which its oldest are dropped: nobody drops another's. */
const MAX_COUNT = 64

interface Code {
  readonly principal: Principal
  readonly expiresMs: number
}

/**
 * One-time codes that open a browser: `/?code=…` ends in histories, in process lists and in chats, so it works once and for
 * five minutes, and is nobody's token. Kept by hash, found by it: a hash tells nothing to who times the look-up.
 */
export class LaunchCodes {
  readonly #codes: Map<string, Code> = new Map()

  create(principal: Principal): string {
    const code = createToken()
    const own = [...this.#codes].filter(
      ([
        ,
        {
          principal: { name },
        },
      ]) => name === principal.name,
    )
    const [oldest] = own
    if (oldest !== undefined && own.length >= MAX_COUNT) this.#codes.delete(oldest[0])
    this.#codes.set(keyOf(code), { principal, expiresMs: Date.now() + LIFETIME_MS })
    return code
  }

  /** Whom the code was made for; works once. */
  redeem(code: string): Principal | undefined {
    const found = this.#codes.get(keyOf(code))
    this.#codes.delete(keyOf(code))
    return found !== undefined && Date.now() < found.expiresMs ? found.principal : undefined
  }
}

function keyOf(code: string): string {
  return digestOf(code).toString('base64')
}
