import fastify, { type FastifyInstance } from 'fastify'
import type { DocumentStore } from '../../src/documents/store.ts'
import type { ServedEvent } from '../../src/events/server_event.ts'
import { ByteShares } from '../../src/guard/byte_shares.ts'
import { ANONYMOUS } from '../../src/guard/principal.ts'
import { openServices } from '../../src/open_services.ts'
import { errorsPlugin } from '../../src/plugins/errors.ts'
import { bytesRoutes } from '../../src/routes/bytes.ts'
import { rawRoutes } from '../../src/routes/raw.ts'
import type { Services } from '../../src/services.ts'
import { validatorCompiler } from '../../src/validation.ts'
import { atEnd } from './at_end.ts'
import { eventually } from './eventually.ts'

/** The two routes that send bytes, without a guard, and what they tell. */
export class Telling {
  readonly port: number
  readonly documents: DocumentStore
  readonly #told: ServedEvent[]

  private constructor(port: number, documents: DocumentStore, told: ServedEvent[]) {
    this.port = port
    this.documents = documents
    this.#told = told
  }

  static async start(paths: readonly string[]): Promise<Telling> {
    const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false })
    app.decorate('bytesUnderWay', new ByteShares())
    const services = await openServices({ roots: paths }, app.log)
    const told: ServedEvent[] = []
    services.events.listen((event) => {
      if (event.kind === 'served') told.push(event)
    })
    const { port } = await listen(app, services)
    atEnd(async () => {
      app.server.closeAllConnections()
      await app.close()
      await services.close()
    })
    return new Telling(port, services.documents, told)
  }

  /** The one event of the answer before, taken away. */
  async event(): Promise<ServedEvent> {
    await eventually(() => {
      if (this.#told.length === 0) throw new Error('nothing was told')
    })
    const [event, ...others] = this.#told.splice(0)
    if (event === undefined || others.length > 0) throw new Error(`told ${others.length + 1} times`)
    return event
  }
}

async function listen(app: FastifyInstance, services: Services): Promise<{ port: number }> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.decorateRequest('principal')
  app.addHook('onRequest', async (request) => {
    request.principal = ANONYMOUS
  })
  await app.register(errorsPlugin)
  await app.register(rawRoutes, services)
  await app.register(bytesRoutes, services)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return { port: address.port }
}
