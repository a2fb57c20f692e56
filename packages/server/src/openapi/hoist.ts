import * as protocol from '@mapscope/protocol'

/** Anything of a document; what its members are is looked at on the way. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface Components {
  schemas?: Record<string, Json>
  responses?: Record<string, Json>
}

const SCHEMA_PLACE = '#/components/schemas/'
const RESPONSE_PLACE = '#/components/responses/'
/** Values of clients, not schemas: what looks like one of ours there stays as it is. */
const VALUE_KEYS: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'const', 'enum'])

/**
 * Puts each schema that the protocol exports, and the one answer that is problem details, where it belongs: once, by its name, and a reference wherever
 * it was written out. A schema gets its name by being exported; known again it is by its text, which is all that the routes leave of it.
 */
export function hoist(paths: Json, components: Components): Json {
  const names = namesOf(protocol)
  const schemas: Record<string, Json> = {}
  const responses: Record<string, Json> = {}

  const named = (value: { [key: string]: Json }, own: string | undefined): Json | undefined => {
    const name = names.get(textOf(value))
    if (name === undefined || name === own) return undefined
    // Marked before its members are walked, or one that holds itself would never end.
    if (!(name in schemas)) {
      schemas[name] = {}
      schemas[name] = members(value, name)
    }
    return { $ref: `${SCHEMA_PLACE}${name}` }
  }
  const members = (value: { [key: string]: Json }, own: string | undefined): Json =>
    Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, VALUE_KEYS.has(key) ? member : walk(member, own)]),
    )
  const walk = (value: Json, own?: string): Json => {
    if (Array.isArray(value)) return value.map((member) => walk(member, own))
    if (typeof value !== 'object' || value === null) return value
    if (isProblemResponse(value)) {
      responses['Problem'] = value
      return { $ref: `${RESPONSE_PLACE}Problem` }
    }
    return named(value, own) ?? members(value, undefined)
  }

  const walked = walk(paths)
  // The plugin puts `Problem` there itself, written out.
  for (const [name, schema] of Object.entries(components.schemas ?? {}))
    schemas[name] =
      typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? members(schema, name) : schema
  components.schemas = sorted(schemas)
  components.responses = sorted(responses)
  return walked
}

/** Text → name, of every schema that is exported; of two that say the same, the name that comes first. */
function namesOf(module: object): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const isSchema = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    ('anyOf' in value || typeof (value as { type?: unknown }).type === 'string')
  for (const [name, value] of Object.entries(module).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = isSchema(value) ? textOf(value as Json) : undefined
    if (text !== undefined && !names.has(text)) names.set(text, name)
  }
  return names
}

function isProblemResponse(value: { [key: string]: Json }): boolean {
  const { content } = value
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return false
  return Object.keys(content).length === 1 && 'application/problem+json' in content
}

/** The same for the same content, whatever the order of its members; the plugin writes a `const` as an `enum` of one, and the one pattern of a record as `additionalProperties`. */
function textOf(value: Json): string {
  return JSON.stringify(value, (_key, member: Json) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member
    const { const: only, patternProperties: patterns, ...others } = member
    const [pattern] = typeof patterns === 'object' && patterns !== null ? Object.values(patterns) : []
    return sorted({
      ...others,
      ...(only === undefined ? {} : { enum: [only] }),
      ...(pattern === undefined ? {} : { additionalProperties: pattern }),
    })
  })
}

function sorted(value: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
