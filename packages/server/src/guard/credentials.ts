import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { LINK_PRINCIPAL, type Principal, type Role } from './principal.ts'

/** 256 bits, in the alphabet of URLs. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A token of somebody's own, as the table of tokens has it: by its hash, so that the table opens nothing by itself. */
export interface NamedToken {
  readonly principal: Principal
  /** SHA-256 of the token. */
  readonly digest: Buffer
  /** Not let in from this moment on; `undefined`: never. */
  readonly expiresMs: number | undefined
}

interface Holder extends NamedToken {
  readonly cookie: string
  readonly cookieDigest: Buffer
}

/** Why somebody is let in no more: struck out (or the token replaced by another), or out of time. */
export type RevocationReason = 'removed' | 'changed' | 'expired'

export interface Revoked {
  readonly principal: Principal
  readonly reason: RevocationReason
}

/**
 * What opens the door: the link's token, and the tokens of the table. A cookie holds another secret made from the link's token
 * and the holder's hash, so that who reads a browser's cookie store has a session of that server but no token; striking out a
 * token ends its sessions, and a new link's token ends all.
 */
export class Credentials {
  #linkToken: string
  #table: readonly NamedToken[]
  #holders: readonly Holder[] = []
  /** Whom the last look took for let in. */
  #known: readonly Holder[] = []
  #generation = 0

  constructor(linkToken: string, tokens: readonly NamedToken[] = []) {
    this.#linkToken = linkToken
    this.#table = tokens
    this.#make()
    this.#known = this.#holders.filter((holder) => !hasExpired(holder))
  }

  /** Another number whenever somebody may have become somebody else. */
  get generation(): number {
    return this.#generation
  }

  /** Takes these for the table from now on. */
  replace(tokens: readonly NamedToken[]): void {
    this.#table = tokens
    this.#make()
  }

  /** Takes this for the link's token from now on: every cookie is another one then. */
  replaceLink(token: string): void {
    if (token === this.#linkToken) return
    this.#linkToken = token
    this.#make()
  }

  /** Who has been let in no more since the last call. */
  takeRevoked(): Revoked[] {
    const present = this.#holders.filter((holder) => !hasExpired(holder))
    const ids = new Set(present.map(keyOf))
    const lost = this.#known.filter((holder) => !ids.has(keyOf(holder)))
    this.#known = present
    return lost.map((holder) => ({ principal: holder.principal, reason: this.#reasonOf(holder) }))
  }

  /** When the next token expires; undefined: none will. */
  get nextExpiryMs(): number | undefined {
    const times = this.#holders.filter((holder) => !hasExpired(holder)).map(({ expiresMs }) => expiresMs)
    const next = Math.min(...times.filter((time) => time !== undefined))
    return Number.isFinite(next) ? next : undefined
  }

  /** Whose token it is. */
  principalOfToken(candidate: string): Principal | undefined {
    return this.#find(digestOf(candidate), 'digest')?.principal
  }

  /** Whose session it is. */
  principalOfCookie(candidate: string): Principal | undefined {
    return this.#find(digestOf(candidate), 'cookieDigest')?.principal
  }

  /** The value of the session cookie of a principal that was let in. */
  cookieOf(principal: Principal): string | undefined {
    return this.#current(principal)?.cookie
  }

  /** Whether it would still be let in, with the role it has and by the token it showed. */
  isCurrent(principal: Principal): boolean {
    return this.#current(principal) !== undefined
  }

  /** What whoever has that name may do now; undefined: there is nobody of that name, or not any more. */
  roleOf(name: string): Role | undefined {
    return this.#holders.find((holder) => holder.principal.name === name && !hasExpired(holder))?.principal.role
  }

  #current({ name, role, tokenId }: Principal): Holder | undefined {
    const isThat = ({ principal }: Holder): boolean =>
      principal.name === name && principal.role === role && (tokenId ?? principal.tokenId) === principal.tokenId
    return this.#holders.find((holder) => isThat(holder) && !hasExpired(holder))
  }

  /** Looks at every holder whichever fits: the time tells nothing of which one came near. */
  #find(digest: Buffer, secret: 'digest' | 'cookieDigest'): Holder | undefined {
    let found: Holder | undefined
    for (const holder of this.#holders) if (timingSafeEqual(digest, holder[secret])) found = holder
    return found === undefined || hasExpired(found) ? undefined : found
  }

  #reasonOf(lost: Holder): RevocationReason {
    if (this.#holders.some((holder) => keyOf(holder) === keyOf(lost))) return 'expired'
    return this.#holders.some(({ principal }) => principal.name === lost.principal.name) ? 'changed' : 'removed'
  }

  #make(): void {
    this.#generation++
    const link = { principal: LINK_PRINCIPAL, digest: digestOf(this.#linkToken), expiresMs: undefined }
    this.#holders = [link, ...this.#table].map((token) => this.#holder(token))
  }

  #holder(token: NamedToken): Holder {
    // The name and the role are in it: another token of the same hash is not another session.
    const { name, role } = token.principal
    const text = ['mapscope session cookie v2', name, role, token.digest.toString('hex')].join(' ')
    const cookie = createHmac('sha256', this.#linkToken).update(text).digest('base64url')
    const tokenId = hash('sha256', token.digest).slice(0, 16)
    return { ...token, principal: { name, role, tokenId }, cookie, cookieDigest: digestOf(cookie) }
  }
}

function keyOf({ principal: { name, role, tokenId } }: Holder): string {
  return [name, role, tokenId].join(' ')
}

function hasExpired({ expiresMs }: NamedToken): boolean {
  return expiresMs !== undefined && Date.now() >= expiresMs
}

/** Equal lengths are what `timingSafeEqual` needs; a digest gives them without telling the secret's length. */
export function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
