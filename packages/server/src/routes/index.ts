import { API_PREFIX } from '@mapscope/protocol'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { socketRoute } from '../socket/index.ts'
import { bytesRoutes } from './bytes.ts'
import { documentRoutes } from './documents.ts'
import { editRoutes } from './edits.ts'
import { fileRoutes } from './files.ts'
import { healthRoutes, healthzRoutes } from './health.ts'
import { jobRoutes } from './jobs.ts'
import { jobSubmitRoutes } from './jobs_submit.ts'
import { metricsRoutes } from './metrics.ts'
import { openapiRoutes } from './openapi.ts'
import { rawRoutes } from './raw.ts'
import { sessionRoutes } from './session.ts'

const API_ROUTES = [
  healthRoutes,
  sessionRoutes,
  fileRoutes,
  documentRoutes,
  bytesRoutes,
  editRoutes,
  jobSubmitRoutes,
  jobRoutes,
  openapiRoutes,
  socketRoute,
] as const

export async function registerRoutes(app: FastifyInstance, services: Services): Promise<void> {
  for (const routes of API_ROUTES) await app.register(routes, { ...services, prefix: API_PREFIX })
  await app.register(rawRoutes, services)
  await app.register(healthzRoutes, services)
  await app.register(metricsRoutes, services)
}
