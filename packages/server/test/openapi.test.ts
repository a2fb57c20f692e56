import * as protocol from '@mapscope/protocol'
import { PROBLEM_CODES, Problem } from '@mapscope/protocol'
import { type TSchema, Value } from '@mapscope/protocol/typebox'
import { beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../src/app.ts'
import { PROBLEMS } from '../src/errors.ts'
import { PROBLEM_EXAMPLE } from '../src/openapi/examples.ts'
import { type Components, hoist } from '../src/openapi/hoist.ts'
import { Serving } from './support/serving.ts'

interface Media {
  readonly schema?: object
  readonly example?: unknown
}

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly responses: Record<string, { content?: Record<string, Media> }>
  readonly requestBody?: { content?: Record<string, Media> }
  readonly parameters?: readonly { in: string; name: string }[]
}

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, object>; readonly responses: Record<string, object> }
}

/** As it is given out, and with every reference replaced by what it names. */
let original: Document
let document: Document

beforeAll(async () => {
  original = (await openApiDocument()) as Document
  document = inlined(original) as Document
})

/** Writes out what references name, without the examples that a name has beside its schema. @throws Error for one that names nothing. */
function inlined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inlined)
  if (typeof value !== 'object' || value === null) return value
  const { $ref } = value as { $ref?: string }
  if ($ref !== undefined) return inlined(named($ref))
  const members = Object.entries(value).filter(([key]) => key !== 'examples')
  return Object.fromEntries(members.map(([key, member]) => [key, inlined(member)]))
}

function named(place: string): unknown {
  const [, kind, name] = /^#\/components\/(schemas|responses)\/(\w+)$/.exec(place) ?? []
  const found = original.components[kind as 'schemas' | 'responses']?.[name ?? '']
  if (found === undefined) throw new Error(`${place} names nothing`)
  return found
}

const placesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, place]) => place ?? '')

test('a schema is written out once, by the name it is exported by', () => {
  const places = new Set(placesIn(original))
  for (const place of places) expect(named(place), place).toBeDefined()
  const { schemas, responses } = original.components
  const there = [
    ...Object.keys(schemas).map((name) => `schemas/${name}`),
    ...Object.keys(responses).map((name) => `responses/${name}`),
  ]
  expect([...places].sort()).toEqual(there.map((name) => `#/components/${name}`).sort())
  for (const name of ['DocumentInfo', 'JobInfo', 'JobRequest', 'Problem', 'SearchQuery'])
    expect(there).toContain(`schemas/${name}`)
  // Written out and put together again it is the same: nothing was lost, and nothing is left that has a name.
  const components: Components = { schemas: { Problem: original.components.schemas['Problem'] as never } }
  const again = hoist(inlined(original.paths) as Parameters<typeof hoist>[0], components)
  expect(again).toEqual(original.paths)
  expect(components.schemas).toEqual(schemas)
})

test('what stands under a name is the schema of that name', () => {
  const exported = protocol as unknown as Record<string, TSchema>
  for (const [name, schema] of Object.entries(original.components.schemas)) {
    const own = exported[name]
    expect(own, name).toBeDefined()
    // The plugin writes a `const` as an `enum` of one, and a record's pattern as `additionalProperties`.
    const text = JSON.stringify(own).replace(/"const":("[^"]*"|\d+|true|false)/g, '"enum":[$1]')
    const plain = JSON.parse(text.replace(/"patternProperties":\{"[^"]*":(\{[^{}]*\})\}/g, '"additionalProperties":$1'))
    expect(inlined(schema), name).toEqual(plain)
  }
})

test('every route is in it, and nothing else', () => {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  )
  expect(routes.sort()).toEqual([
    'delete /api/v1/jobs/{id}',
    'get /api/v1/documents',
    'get /api/v1/documents/{id}',
    'get /api/v1/documents/{id}/bytes',
    'get /api/v1/documents/{id}/jobs',
    'get /api/v1/files',
    'get /api/v1/health',
    'get /api/v1/jobs',
    'get /api/v1/jobs/{id}',
    'get /api/v1/jobs/{id}/density',
    'get /api/v1/jobs/{id}/results',
    'get /api/v1/openapi.json',
    'get /api/v1/socket',
    'get /healthz',
    'get /metrics',
    'get /raw/{*}',
    'head /api/v1/documents/{id}/bytes',
    'head /raw/{*}',
    'post /api/v1/documents',
    'post /api/v1/documents/{id}/analysis',
    'post /api/v1/documents/{id}/edits',
    'post /api/v1/documents/{id}/jobs',
    'post /api/v1/documents/{id}/reload',
    'post /api/v1/documents/{id}/searches',
    'post /api/v1/session',
    'post /api/v1/session/codes',
  ])
  expect(document.openapi).toBe('3.1.0')
})

test('every operation has a name, a summary and problem details for its refusals', () => {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const where = `${method} ${path}`
      expect(operation.operationId, where).toMatch(/^\w+$/)
      expect(operation.summary, where).toMatch(/\.$/)
      for (const [status, response] of Object.entries(operation.responses)) {
        // A health check's 503 is an answer, not a failure.
        if (Number(status) >= 400 && method !== 'head' && !operation.operationId?.startsWith('health'))
          expect(Object.keys(response.content ?? {}), `${where} ${status}`).toEqual(['application/problem+json'])
      }
    }
  }
})

test('every operation has a name of its own', () => {
  const names = Object.values(document.paths).flatMap((path) => Object.values(path).map((one) => one.operationId))
  expect(new Set(names).size).toBe(names.length)
})

test('whatever is JSON has an example, which is what its schema says', () => {
  let count = 0
  const check = (where: string, content: Record<string, Media> | undefined): void => {
    const media = content?.['application/json']
    if (media?.schema === undefined || where.startsWith('openapi ')) return
    expect(media.example, `an example for ${where}: src/openapi/examples.ts`).toBeDefined()
    expect(Value.Errors(media.schema as TSchema, media.example), where).toEqual([])
    count++
  }
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    check(`${operation.operationId} request`, operation.requestBody?.content)
    for (const [status, { content }] of Object.entries(operation.responses))
      check(`${operation.operationId} ${status}`, content)
  }
  expect(count).toBeGreaterThan(12)
  expect(Value.Check(Problem, PROBLEM_EXAMPLE)).toBe(true)
})

test('the bytes are documented: ranges, parts, refusals', () => {
  const bytes = document.paths['/api/v1/documents/{id}/bytes']?.['get']
  expect(Object.keys(bytes?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '206', '304', '409', '410', '412', '416']),
  )
  expect(bytes?.responses['206']?.content).toHaveProperty(['application/octet-stream'])
  expect(bytes?.parameters?.map(({ in: place, name }) => `${place} ${name}`)).toEqual(
    expect.arrayContaining(['path id', 'query revision', 'header range', 'header if-range']),
  )
})

test('it is the same each time, and the same as the server gives', async () => {
  const again = await openApiDocument()
  expect(JSON.stringify(again)).toBe(JSON.stringify(original))
  const serving = await Serving.start({ roots: [] })
  const { body } = await serving.ask('/api/v1/openapi.json')
  expect(JSON.parse(String(body))).toEqual(JSON.parse(JSON.stringify(original)))
})

describe('the table of errors', () => {
  test('has a row for each code, with a status of its kind and a title', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual([...PROBLEM_CODES].sort())
    for (const { status, title } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(title.length).toBeGreaterThan(5)
    }
  })
})
