import { PROBLEM_CODES } from '@mapscope/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../src/app.ts'
import { PROBLEMS } from '../src/errors.ts'
import { Serving } from './support/serving.ts'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly responses: Record<string, { content?: Record<string, unknown> }>
  readonly parameters?: readonly { in: string; name: string }[]
}

let document: { openapi: string; paths: Record<string, Record<string, Operation>> }

beforeAll(async () => {
  document = (await openApiDocument()) as typeof document
})

test('every route is in it, and nothing else', () => {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  )
  expect(routes.sort()).toEqual([
    'get /api/v1/documents',
    'get /api/v1/documents/{id}',
    'get /api/v1/documents/{id}/bytes',
    'get /api/v1/files',
    'get /api/v1/health',
    'get /api/v1/openapi.json',
    'get /api/v1/socket',
    'get /raw/{*}',
    'head /api/v1/documents/{id}/bytes',
    'head /raw/{*}',
    'post /api/v1/documents',
    'post /api/v1/documents/{id}/edits',
    'post /api/v1/documents/{id}/reload',
    'post /api/v1/session',
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
        if (Number(status) >= 400)
          expect(Object.keys(response.content ?? {}), `${where} ${status}`).toEqual(['application/problem+json'])
      }
    }
  }
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
  expect(JSON.stringify(again)).toBe(JSON.stringify(document))
  const serving = await Serving.start({ roots: [] })
  const { body } = await serving.ask('/api/v1/openapi.json')
  expect(JSON.parse(String(body))).toEqual(JSON.parse(JSON.stringify(document)))
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
