import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { DocumentStore } from '../documents/store.ts'
import type { ServerEvents } from '../events/server_events.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { addDocumentGauges } from '../metrics/document_gauges.ts'
import { addJobGauges } from '../metrics/job_gauges.ts'
import { Metrics } from '../metrics/metrics.ts'
import { addProcessGauges } from '../metrics/process_gauges.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

export interface MetricsPluginOptions {
  readonly documents: DocumentStore
  readonly events: ServerEvents
  readonly jobs: Jobs
}

/** Counts what happens. `app.metrics.gauge` is where others add what they know: a queue's length, connections. */
async function countAll(app: FastifyInstance, { documents, events, jobs }: MetricsPluginOptions): Promise<void> {
  const metrics = new Metrics()
  app.decorate('metrics', metrics)
  addDocumentGauges(metrics, documents)
  addJobGauges(metrics, jobs)
  metrics.gauge('mapscope_open_sockets', {
    help: 'WebSockets that are open.',
    read: () => app.websocketServer.clients.size,
  })
  const stopListening = events.listen((event) => metrics.countEvent(event))
  const stopGauging = addProcessGauges(metrics)
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const seconds = reply.elapsedTime / 1_000
    metrics.countRequest({ method, route: routeOf(request), status: reply.statusCode, seconds })
    done()
  })
  app.addHook('onClose', async () => {
    stopListening()
    stopGauging()
  })
}

export const metricsPlugin: typeof countAll = fp(countAll, { name: 'metrics' })

/** The explorer has a route for each of its files, whose names change with each build. */
function routeOf(request: FastifyRequest): string {
  if (request.is404) return 'none'
  const { schema, url } = request.routeOptions
  return (schema as { readonly hide?: boolean } | undefined)?.hide === true ? 'explorer' : (url ?? 'none')
}
