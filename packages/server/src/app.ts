import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { DocumentStore } from './documents/store.ts'
import { watchDocuments } from './documents/watch.ts'
import { Credentials, createToken } from './guard/credentials.ts'
import { errorsPlugin, sendProblem } from './plugins/errors.ts'
import { guardPlugin } from './plugins/guard.ts'
import { openapiPlugin } from './plugins/openapi.ts'
import { SECURITY_HEADERS, securityHeadersPlugin } from './plugins/security_headers.ts'
import { staticPlugin } from './plugins/static.ts'
import { closeRoots, openRoots } from './roots/root.ts'
import { registerRoutes } from './routes/index.ts'
import { registerWebsocket } from './socket/index.ts'
import { validatorCompiler } from './validation.ts'

export interface LoggerOptions {
  /** pino's level: `info`, `warn`, … */
  readonly level?: string
  /** Where the lines go; standard output by default. */
  readonly stream?: { write(line: string): void }
}

export interface AppOptions {
  /** Files and folders to serve: nothing outside them is ever opened. */
  readonly roots: readonly string[]
  /** Lets documents be edited, straight in the file. Default: false, and then files are opened and mapped read-only. */
  readonly isWritable?: boolean
  /** The secret that opens everything; 256 random bits by default (and then only known to this app). */
  readonly token?: string
  /** The built explorer, served to everyone. */
  readonly explorerDirectory?: string
  /** Host names to answer to, beyond loopback's and the socket's own address. */
  readonly allowedHosts?: readonly string[]
  /** Default: false. URLs are logged without their query, so the token is in no log. */
  readonly logger?: boolean | LoggerOptions
}

/**
 * The whole server, as a Fastify app that does not listen. Closing it closes its documents, its sockets and its roots, and
 * breaks downloads under way.
 *
 * @throws `RootError` when a path does not exist, cannot be read, or is neither a file nor a folder.
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { isWritable = false, token = createToken(), allowedHosts = [], explorerDirectory, logger = false } = options
  const roots = await openRoots(options.roots)
  const credentials = new Credentials(token)
  const documents = new DocumentStore({ roots, isWritable })
  const app = fastify(serverOptions(logger)).withTypeProvider<TypeBoxTypeProvider>()
  const stopWatching = watchDocuments({
    list: () => documents.list(),
    onError: (error, document) =>
      app.log.error({ err: error, document: document.id }, 'a document could not be watched'),
  })

  app.setValidatorCompiler(validatorCompiler)
  // The handlers' types are the schemas' already; fast-json-stringify would check them once more and drop what it does not know.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.addHook('onClose', async () => {
    stopWatching()
    await documents.close()
    closeRoots(roots)
  })

  await app.register(securityHeadersPlugin)
  await app.register(errorsPlugin)
  await app.register(cookie)
  await app.register(guardPlugin, { credentials, allowedHosts })
  await registerWebsocket(app)
  await app.register(openapiPlugin)
  await registerRoutes(app, { roots, documents, credentials, isWritable })
  await app.register(staticPlugin, { directory: explorerDirectory })
  await app.ready()
  return app
}

/** The OpenAPI 3.1 document of every route, as the server gives it at `/api/v1/openapi.json`. */
export async function openApiDocument(): Promise<object> {
  const app = await buildApp({ roots: [] })
  try {
    return app.swagger()
  } finally {
    await app.close()
  }
}

function serverOptions(logger: boolean | LoggerOptions): FastifyServerOptions {
  return {
    logger: logger === false ? false : { ...(logger === true ? {} : logger), serializers: { req: describeRequest } },
    // A stalled download would otherwise keep `close` waiting for ever.
    forceCloseConnections: true,
    // Time to receive a request, headers and body; an answer may take as long as it takes.
    requestTimeout: 60_000,
    bodyLimit: 64 * 1024,
    exposeHeadRoutes: false,
    // A URL that cannot be decoded matches no route, so no hook runs for it.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS)
      sendProblem(error, request, reply)
    },
  }
}

function describeRequest(request: { method: string; url: string }): { method: string; url: string } {
  return { method: request.method, url: request.url.split('?', 1)[0] ?? '' }
}
