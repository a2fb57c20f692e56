import type { FastifyInstance } from 'fastify'
import { UsageError } from './usage_error.ts'

const DEFAULT_PORT = 7370
/** Ports tried from the default on; then any. */
const PORT_TRIES = 20

/** Listens, and returns the port. Without a wish: the default one, else the next that is free. */
export async function listen(app: FastifyInstance, host: string, port: number | undefined): Promise<number> {
  if (port !== undefined) {
    if (await tryListen(app, host, port)) return portOf(app)
    throw new UsageError('ERR_PORT_IN_USE', `port ${port} is in use; leave --port out to take the next free one`)
  }
  for (let candidate = DEFAULT_PORT; candidate < DEFAULT_PORT + PORT_TRIES; candidate++) {
    if (await tryListen(app, host, candidate)) return portOf(app)
  }
  await tryListen(app, host, 0)
  return portOf(app)
}

/** False when the port is taken. */
async function tryListen(app: FastifyInstance, host: string, port: number): Promise<boolean> {
  try {
    await app.listen({ host, port })
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') return false
    throw new UsageError(
      'ERR_LISTEN',
      `cannot listen on ${host}: ${error instanceof Error ? error.message : error}`,
      error,
    )
  }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new UsageError('ERR_LISTEN', 'not listening on a port')
  return address.port
}
