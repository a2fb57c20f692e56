import { Compile, type TSchema } from '@mapscope/protocol/typebox'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Validates requests with TypeBox, as the socket does its messages. Not the type provider's own compiler: its conversion takes
 * `revision=1.5` for 1. Here a query's text becomes a number only when it is written as one; all else stays text and is judged
 * as such. Bodies are never converted.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  return (input: unknown) => {
    const value = httpPart === 'querystring' ? withNumbers(input, schema) : input
    if (validator.Check(value)) return { value }
    return { error: validator.Errors(value) }
  }
}

function withNumbers(query: unknown, schema: TSchema): unknown {
  if (typeof query !== 'object' || query === null) return query
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, isInteger(schema, name) ? toNumber(value) : value]),
  )
}

function isInteger(schema: TSchema, name: string): boolean {
  const properties: unknown = 'properties' in schema ? schema.properties : undefined
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name)) return false
  const property: unknown = Object.getOwnPropertyDescriptor(properties, name)?.value
  return typeof property === 'object' && property !== null && 'type' in property && property.type === 'integer'
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^(?:0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value
}
