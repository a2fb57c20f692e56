import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import { AllowedHosts } from './guard/host.ts'
import { httpServer, type TlsFiles } from './lifecycle/http_server.ts'
import { Lifecycle } from './lifecycle/lifecycle.ts'
import { type Reconfiguration, reconfigure } from './lifecycle/reconfigure.ts'
import { BODY_LIMIT } from './limits.ts'
import { type LoggerOptions, loggerOptions } from './logging/logging.ts'
import { type OpenServices, openServices, type ServiceOptions } from './open_services.ts'
import { errorsPlugin, sendProblem } from './plugins/errors.ts'
import { guardPlugin } from './plugins/guard.ts'
import { lifecyclePlugin } from './plugins/lifecycle.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { openapiPlugin } from './plugins/openapi.ts'
import { parserProblemsPlugin } from './plugins/parser_problems.ts'
import { rateLimitPlugin } from './plugins/rate_limit.ts'
import { isLoggingRequests, requestLogPlugin } from './plugins/request_log.ts'
import { SECURITY_HEADERS, securityHeadersPlugin } from './plugins/security_headers.ts'
import { sharesPlugin } from './plugins/shares.ts'
import { staticPlugin } from './plugins/static.ts'
import { registerRoutes } from './routes/index.ts'
import { RAW_ROUTE } from './routes/raw.ts'
import { putBefore } from './shortcut/put_before.ts'
import { Shortcut } from './shortcut/shortcut.ts'
import { registerWebsocket } from './socket/index.ts'
import { validatorCompiler } from './validation.ts'

export interface AppOptions extends ServiceOptions {
  /** Serves over TLS with this certificate and key, both PEM. Default: plain HTTP. */
  readonly tls?: TlsFiles | undefined
  /** The built explorer, served to everyone. */
  readonly explorerDirectory?: string
  /** Host names to answer to, beyond loopback's and the socket's own address. */
  readonly allowedHosts?: readonly string[]
  /** Default: false. URLs are logged without their query, so the token is in no log. */
  readonly logger?: boolean | LoggerOptions
}

/**
 * The whole server, as a Fastify app that does not listen. Closing it closes its documents, its sockets and its roots, and
 * breaks downloads under way; `closeGracefully` lets them finish.
 *
 * @throws `RootError` when a path does not exist, cannot be read, or is neither a file nor a folder; `ProblemError` `ERR_OS` for a state directory
 *   that cannot be had.
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { allowedHosts = [], explorerDirectory, logger = false } = options
  const app = fastify(serverOptions(logger, options.tls)).withTypeProvider<TypeBoxTypeProvider>()
  const services = await openServices(options, app.log)
  const { credentials, callers, documents, events, jobs } = services
  app.setValidatorCompiler(validatorCompiler)
  // The handlers' types are the schemas' already; fast-json-stringify would check them once more and drop what it does not know.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.addHook('onClose', () => services.close())
  // One that never listened is not closed by Fastify, and its look at connections would go on for ever.
  app.addHook('onClose', async () => void app.server.close())

  await app.register(securityHeadersPlugin)
  await app.register(errorsPlugin)
  await app.register(lifecyclePlugin, { lifecycle: new Lifecycle() })
  await app.register(metricsPlugin, { documents, events, jobs })
  await app.register(requestLogPlugin)
  await app.register(cookie)
  const hosts = new AllowedHosts(allowedHosts)
  app.decorate('reconfigure', (changes: Reconfiguration) => reconfigure({ app, services, hosts }, changes))
  const assertServing = (): void => services.assertServing()
  await app.register(guardPlugin, { credentials, hosts, events, callers, assertServing })
  await app.register(rateLimitPlugin)
  await app.register(sharesPlugin, services)
  await registerWebsocket(app)
  await app.register(parserProblemsPlugin, { events })
  await app.register(openapiPlugin)
  await registerRoutes(app, services)
  await app.register(staticPlugin, { directory: explorerDirectory })
  await app.ready()
  openShortcut(app, services)
  jobs.start()
  return app
}

/** Not where each request is logged: the long way does that. */
function openShortcut(app: FastifyInstance, services: OpenServices): void {
  if (isLoggingRequests(app)) return
  const { knownFiles: files, ...others } = services
  const { connections, lifecycle, metrics, streams } = app
  const shortcut = new Shortcut({ ...others, files, connections, lifecycle, metrics, streams, route: RAW_ROUTE })
  putBefore(app.server, shortcut.take)
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

function serverOptions(logger: boolean | LoggerOptions, tls: TlsFiles | undefined): FastifyServerOptions {
  return {
    serverFactory: (handler) => httpServer(handler, tls),
    bodyLimit: BODY_LIMIT,
    logger: loggerOptions(logger),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds(),
    // A stalled download would otherwise keep `close` waiting for ever.
    forceCloseConnections: true,
    // The lifecycle plugin answers those, as problem details, and lets the health check through.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    // A URL that cannot be decoded matches no route, so no hook runs for it.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS)
      sendProblem(error, request, reply)
    },
  }
}

/** Unlike any of an earlier run, so that a log of many runs tells them apart. */
function requestIds(): () => string {
  const run = randomBytes(4).toString('hex')
  let count = 0
  return () => `${run}-${++count}`
}
