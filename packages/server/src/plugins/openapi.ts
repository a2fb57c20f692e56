import swagger from '@fastify/swagger'
import { API_PREFIX, Problem } from '@mapscope/protocol'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { completeOpenApi } from '../openapi/complete.ts'
import { PROBLEM_EXAMPLE } from '../openapi/examples.ts'
import { VERSION } from '../version.ts'

/** Collects the routes' schemas as they are registered; `app.swagger()` is then the OpenAPI 3.1 document. */
async function openapi(app: FastifyInstance): Promise<void> {
  // By reference: written out at each of some sixty refusals it made the document four times as long.
  app.addSchema({ ...Problem, $id: 'Problem', examples: [PROBLEM_EXAMPLE] })
  await app.register(swagger, {
    transformObject: (document) =>
      'openapiObject' in document ? completeOpenApi(document.openapiObject) : document.swaggerObject,
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) => String(schema['$id'] ?? `schema-${index}`),
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mapscope',
        description: `Files of any size by range, and what happens to them. Everything but /raw lives under ${API_PREFIX}.`,
        version: VERSION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The token of the link that the server prints.' },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'mapscope_<port>',
            description: `From POST ${API_PREFIX}/session.`,
          },
          urlToken: { type: 'apiKey', in: 'query', name: 'token', description: 'On /raw only, for GET and HEAD.' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }],
    },
  })
}

export const openapiPlugin: typeof openapi = fp(openapi, { name: 'openapi' })
