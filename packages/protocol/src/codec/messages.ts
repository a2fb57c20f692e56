import { ClientMessage, ServerMessage } from '../messages.ts'
import { type TSchema, Value } from '../typebox.ts'

/** What a frame turned out to be: a message, or why it is none. */
export type Decoded<T> = { readonly message: T } | { readonly problem: string }

export function decodeClientMessage(text: string): Decoded<ClientMessage> {
  return decode<ClientMessage>(ClientMessage, text)
}

export function decodeServerMessage(text: string): Decoded<ServerMessage> {
  return decode<ServerMessage>(ServerMessage, text)
}

export function encodeMessage(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message)
}

function decode<T>(schema: TSchema, text: string): Decoded<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'not JSON' }
  }
  if (Value.Check(schema, value)) return { message: value as T }
  return { problem: `no known message: ${text.slice(0, 120)}` }
}
