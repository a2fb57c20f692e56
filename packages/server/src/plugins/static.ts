import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

export interface StaticOptions {
  /** The built explorer; undefined or missing is answered by how to build it. */
  readonly directory: string | undefined
}

const NOT_BUILT = `The explorer is not built. In the repository, run:

    npm start -- PATH

or, to build it alone: pnpm --filter @mapscope/explorer build

The HTTP API under /api/v1 and /raw works without it.
`

/** The explorer's own files, to everyone: they hold nothing of what is served. Not the way bytes are served; see delivery/. */
export async function staticPlugin(app: FastifyInstance, { directory }: StaticOptions): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, isPublic: true }
    route.schema = { ...route.schema, hide: true }
  })
  if (directory === undefined || !existsSync(join(directory, 'index.html'))) {
    app.get('/', (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT))
    return
  }
  await app.register(fastifyStatic, {
    root: directory,
    // One route per file that is there: no path of a request ever reaches the file system.
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite names what it puts into assets/ by its content.
      const isHashed = path.startsWith(join(directory, 'assets'))
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
