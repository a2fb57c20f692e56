import { EXAMPLES } from './examples.ts'
import { type Components, hoist } from './hoist.ts'

interface MediaType {
  example?: unknown
}

interface Operation {
  operationId?: string
  requestBody?: { content?: Record<string, MediaType> }
  responses?: Record<string, { content?: Record<string, MediaType> }>
}

/** What the routes' schemas cannot say: examples, and a name of its own for each method of a route that answers two. */
export function completeOpenApi<T extends { paths?: unknown; components?: unknown }>(document: T): T {
  const paths = (document.paths ?? {}) as Record<string, Record<string, Operation>>
  for (const operations of Object.values(paths)) {
    for (const [method, operation] of Object.entries(operations)) operations[method] = completed(method, operation)
  }
  // Their schemas are TypeBox's own objects; as JSON they are only what is written.
  const written = JSON.parse(JSON.stringify(document)) as T & { components?: Components }
  written.components ??= {}
  written.paths = hoist(written.paths as Parameters<typeof hoist>[0], written.components)
  return written
}

/** A copy: the plugin gives both methods of a route one and the same object. */
function completed(method: string, original: Operation): Operation {
  const operation = structuredClone(original)
  const { operationId } = operation
  if (operationId === undefined) return operation
  const { request, responses = {} } = EXAMPLES[operationId] ?? {}
  if (method === 'head') operation.operationId = `${operationId}Head`
  if (request !== undefined) illustrate(operation.requestBody?.content, request)
  for (const [status, example] of Object.entries(responses)) illustrate(operation.responses?.[status]?.content, example)
  // The plugin makes up a body for each answer; these have none.
  for (const [status, response] of Object.entries(operation.responses ?? {}))
    if (method === 'head' || BODILESS.has(status)) delete response.content
  return operation
}

const BODILESS: ReadonlySet<string> = new Set(['101', '204', '304'])

function illustrate(content: Record<string, MediaType> | undefined, example: unknown): void {
  for (const media of Object.values(content ?? {})) media.example = example
}
