import type { IncomingMessage } from 'node:http'

/** Host names, beyond loopback's and the socket's own address, that a server answers to. */
export class AllowedHosts {
  #names: ReadonlySet<string> = new Set()

  constructor(names: readonly string[]) {
    this.replace(names)
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  replace(names: readonly string[]): void {
    this.#names = new Set(names.map((name) => name.toLowerCase()))
  }
}

/** The host a request was sent to, as its Host header says. */
export interface HostHeader {
  /** Lower case, without the brackets of an IPv6 address. */
  readonly name: string
  readonly port: number
}

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/** `undefined` for anything that is no `host` or `host:port`. */
export function parseHost(header: string | undefined): HostHeader | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(header ?? '')
  const name = match?.[1] ?? match?.[2]
  if (name === undefined) return undefined
  return { name: name.toLowerCase(), port: match?.[3] === undefined ? 80 : Number(match[3]) }
}

/**
 * Host and port of a target in absolute form (`GET http://user@host:port/path`), as a proxy is asked: RFC 9112 §3.2.2 has it count instead of the Host header. Whose
 * name stands before the last `@` is passed over.
 */
export function targetAuthority(target: string | undefined): string | undefined {
  return /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?([^/?#@]*)/i.exec(target ?? '')?.[1]
}

/**
 * Whether this server answers to that name. A page of another site can make its own name resolve to our address (DNS
 * rebinding), but it cannot make the browser send a name of ours; an address literal is nobody's name.
 *
 * The port is not compared: behind `ssh -L` it is another one, and it adds nothing to the name.
 */
export function isHostAllowed(
  name: string,
  localAddress: string | undefined,
  allowed: Pick<AllowedHosts, 'has'>,
): boolean {
  return LOOPBACK_NAMES.has(name) || allowed.has(name) || name === plainAddress(localAddress)
}

/** Node keeps the first of several, and RFC 9112 §3.2 refuses them: a proxy before us may believe the last. */
export function hostCountOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return LOOPBACK_NAMES.has(name) || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** An IPv4 client of a dual-stack socket shows as `::ffff:192.0.2.1`. */
function plainAddress(address: string | undefined): string | undefined {
  return address
    ?.replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '')
    .toLowerCase()
}
