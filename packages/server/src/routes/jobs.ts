import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  JobDensity,
  JobDensityQuery,
  JobDetail,
  JobInfo,
  JobList,
  JobParams,
  JobResults,
  JobResultsQuery,
} from '@mapscope/protocol'
import { JOB_RATE } from '../plugins/rate_limit.ts'
import type { Services } from '../services.ts'
import { problems } from './responses.ts'

export const jobRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { jobs }) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.get('/jobs', {
    config: { role: 'view' },
    schema: {
      operationId: 'listJobs',
      summary: 'Your jobs, the oldest first; those of an earlier run of the server included.',
      response: { 200: JobList, ...problems(401) },
    },
    handler: ({ principal }) => ({ jobs: jobs.list(principal) }),
  })

  app.get('/jobs/:id', {
    config: { role: 'view' },
    schema: {
      operationId: 'getJob',
      summary: 'A job: what was asked for, how far it is, what it came to.',
      params: JobParams,
      response: { 200: JobDetail, ...problems(401, 404) },
    },
    handler: ({ params, principal }) => jobs.detail(params.id, principal),
  })

  app.get('/jobs/:id/results', {
    config: { role: 'view' },
    schema: {
      operationId: 'getJobResults',
      summary: 'Rows by index, or from an offset on; while the job runs, those there are.',
      params: JobParams,
      querystring: JobResultsQuery,
      response: { 200: JobResults, ...problems(400, 401, 404, 503) },
    },
    handler: ({ params, principal, query }) => jobs.results(params.id, principal, query),
  })

  app.get('/jobs/:id/density', {
    config: { role: 'view' },
    schema: {
      operationId: 'getJobDensity',
      summary: 'How many rows begin in each of equal parts of a range.',
      params: JobParams,
      querystring: JobDensityQuery,
      response: { 200: JobDensity, ...problems(400, 401, 404, 503) },
    },
    handler: ({ params, principal, query }) => jobs.density(params.id, principal, query),
  })

  app.delete('/jobs/:id', {
    config: { role: 'view', rateLimit: JOB_RATE },
    schema: {
      operationId: 'deleteJob',
      summary: 'Cancels a job under way: 200 with the job. Removes one that has ended, and its rows: 204.',
      params: JobParams,
      response: { 200: JobInfo, 204: { description: 'It is gone.' }, ...problems(401, 403, 404, 503) },
    },
    handler: async ({ params, principal }, reply) => {
      const cancelled = await jobs.cancelOrRemove(params.id, principal)
      return await (cancelled === undefined ? reply.code(204).send() : reply.send(cancelled))
    },
  })
}
