import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits, in the alphabet of URLs. */
export function createToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What opens the door. The link's token is one secret; the cookie holds another made from it, so that who reads a browser's
 * cookie store has a session of that server but not the link, and restarting with a new token ends every session.
 */
export class Credentials {
  readonly #tokenDigest: Buffer
  readonly #cookieDigest: Buffer
  /** The value of the session cookie. */
  readonly cookieValue: string

  constructor(token: string) {
    this.cookieValue = createHmac('sha256', token).update('mapscope session cookie v1').digest('base64url')
    this.#tokenDigest = digest(token)
    this.#cookieDigest = digest(this.cookieValue)
  }

  isToken(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.#tokenDigest)
  }

  isCookie(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.#cookieDigest)
  }
}

/** Equal lengths are what `timingSafeEqual` needs; a digest gives them without telling the secret's length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
