import dns from 'node:dns'
import type { Server } from 'node:http'
import { createServer, type Server as Listener, type ListenOptions, type Socket } from 'node:net'

/** Times that a free port of the one address may turn out to be taken on the other. */
const PORT_TRIES = 8
/** The name is in the table of hosts, and the machine has no such address: IPv6 is off. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'])

/**
 * Has a server that is to listen on `localhost` listen on all addresses of that name. What comes in at the others is handed to this very server
 * (`connection`, as Node's documentation has it), so limits, timeouts, the certificate and every listener are the same ones. Fastify would make
 * a second server instead, which knows only what the first was made with. A port that is taken on one address counts as taken: a
 * browser that goes to `localhost` chooses the address, and the link's token must not reach another program.
 */
export function listenOnEveryAddress(server: Server): void {
  const listenAlone = server.listen.bind(server) as (options: ListenOptions) => Server
  const doors = new Doors(server)
  server.listen = ((options: ListenOptions, onListening?: () => void): Server => {
    if (onListening !== undefined) server.once('listening', onListening)
    if (options.host !== 'localhost') return listenAlone(options)
    doors.open(options.port ?? 0).then(
      ({ host, port }) => {
        const close = (): void => doors.close()
        server.once('error', close).once('listening', () => server.off('error', close))
        listenAlone({ ...options, host, port })
      },
      (error: unknown) => server.emit('error', error),
    )
    return server
  }) as Server['listen']
}

interface Door {
  readonly host: string
  readonly port: number
}

/** The listeners beside a server's own. */
class Doors {
  readonly #server: Server
  readonly #open: Set<Listener> = new Set()

  constructor(server: Server) {
    this.#server = server
    server.on('close', () => this.close())
  }

  /** Listens everywhere but at one address, which is left to the server: that one, and the port. */
  async open(port: number): Promise<Door> {
    const [host = '127.0.0.1', ...others] = await addresses()
    for (let attempt = 1; ; attempt++) {
      try {
        let chosen = port
        for (const other of others) chosen = await this.#listen({ host: other, port: chosen })
        // Any port: taken elsewhere, it would be noticed by the server only, which says so and does not choose again.
        if (port === 0 && chosen !== 0) await probe({ host, port: chosen })
        return { host, port: chosen }
      } catch (error) {
        this.close()
        if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || attempt === PORT_TRIES) throw error
      }
    }
  }

  close(): void {
    for (const listener of this.#open) listener.close()
    this.#open.clear()
  }

  /** The port that it is; the one asked for where there is no such address. */
  async #listen(door: Door): Promise<number> {
    // `allowHalfOpen` and `noDelay` as of every server of HTTP.
    const listener = createServer({ allowHalfOpen: isHalfOpen(this.#server), noDelay: true })
    listener.on('connection', (socket: Socket) => this.#server.emit('connection', socket))
    try {
      const port = await listening(listener, door)
      this.#open.add(listener)
      listener.on('error', (error) => this.#server.emit('error', error))
      return port
    } catch (error) {
      if (NO_SUCH_ADDRESS.has(codeOf(error))) return door.port
      throw error
    }
  }
}

/** IPv4 first, which every machine has. */
async function addresses(): Promise<string[]> {
  const found = await new Promise<dns.LookupAddress[]>((resolve) => {
    dns.lookup('localhost', { all: true }, (error, all) => resolve(error === null ? all : []))
  })
  const sorted = found.toSorted((a, b) => a.family - b.family).map(({ address }) => address)
  return [...new Set(sorted)]
}

function listening(listener: Listener, { host, port }: Door): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject)
    listener.listen({ host, port }, () => {
      listener.off('error', reject)
      const address = listener.address()
      resolve(address === null || typeof address === 'string' ? port : address.port)
    })
  })
}

async function probe(door: Door): Promise<void> {
  const listener = createServer()
  await listening(listener, door)
  await new Promise((resolve) => listener.close(resolve))
}

function isHalfOpen(server: Server): boolean {
  return (server as Server & { readonly allowHalfOpen?: boolean }).allowHalfOpen === true
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
