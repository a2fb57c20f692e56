import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AnalysisRequest,
  API_PREFIX,
  DocumentParams,
  JobDetail,
  JobList,
  JobRequest,
  MAX_NEEDLE_LIST_LENGTH,
  SearchesRequest,
} from '@mapscope/protocol'
import type { Principal } from '../guard/principal.ts'
import { JOB_RATE } from '../plugins/rate_limit.ts'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

/** A list of needles, of which JSON writes each end of a line with two characters, and room for the rest. */
const BODY_LIMIT = MAX_NEEDLE_LIST_LENGTH * 2 + 64 * 1024

const RESPONSES = { 202: JobDetail, ...problems(400, 401, 403, 404, 413, 422, 429, 503) }

/** Three ways to ask for a job, which differ in what they take: the kinds are the same, and so is the answer. */
export const jobSubmitRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { documents, jobs }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.get('/documents/:id/jobs', {
    config: { role: 'view' },
    schema: {
      operationId: 'listDocumentJobs',
      summary: 'Your jobs of a document.',
      params: DocumentParams,
      response: { 200: JobList, ...problems(401, 404) },
    },
    handler: ({ params, principal }) => ({ jobs: jobs.list(principal, documents.get(params.id).id) }),
  })

  app.post('/documents/:id/jobs', {
    config: { role: 'view', rateLimit: JOB_RATE },
    bodyLimit: BODY_LIMIT,
    schema: {
      operationId: 'submitJob',
      summary: 'Asks for a job of any kind. Answered once the order is kept.',
      params: DocumentParams,
      body: JobRequest,
      response: RESPONSES,
    },
    handler: async (request, reply) => {
      const detail = await submit(request, request.body)
      return await reply.code(202).header('location', locationOf(detail)).send(detail)
    },
  })

  app.post('/documents/:id/searches', {
    config: { role: 'view', rateLimit: JOB_RATE },
    bodyLimit: BODY_LIMIT,
    schema: {
      operationId: 'submitSearch',
      summary: 'Asks for every hit of a query: a job of the kind search.',
      params: DocumentParams,
      body: SearchesRequest,
      response: RESPONSES,
    },
    handler: async (request, reply) => {
      const detail = await submit(request, { kind: 'search', ...request.body })
      return await reply.code(202).header('location', locationOf(detail)).send(detail)
    },
  })

  app.post('/documents/:id/analysis', {
    config: { role: 'view', rateLimit: JOB_RATE },
    bodyLimit: BODY_LIMIT,
    schema: {
      operationId: 'submitAnalysis',
      summary: 'Asks for a job that looks at the bytes: every kind but search, export and save.',
      params: DocumentParams,
      body: AnalysisRequest,
      response: RESPONSES,
    },
    handler: async (request, reply) => {
      const detail = await submit(request, request.body)
      return await reply.code(202).header('location', locationOf(detail)).send(detail)
    },
  })

  function submit({ params, principal }: SubmitRequest, request: JobRequest): Promise<JobDetail> {
    return jobs.submit({ documentId: params.id, request, principal })
  }
}

interface SubmitRequest {
  readonly params: { readonly id: string }
  readonly principal: Principal
}

function locationOf({ id }: JobDetail): string {
  return `${API_PREFIX}/jobs/${id}`
}
