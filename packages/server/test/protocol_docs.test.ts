import { readFileSync } from 'node:fs'
import {
  ClientMessage,
  decodeClientMessage,
  decodeFrame,
  decodeServerMessage,
  FRAME_TYPES,
  ServerMessage,
} from '@mapscope/protocol'
import { describe, expect, test } from 'vitest'

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')

function blocks(language: string): string[] {
  const found = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))]
  return found.flatMap((block) => (block[1] ?? '').trimEnd().split('\n'))
}

const examples = blocks('json')
const typeOf = (line: string): string => (JSON.parse(line) as { type: string }).type

function typesOf(union: { anyOf: readonly unknown[] }): string[] {
  return union.anyOf.map((variant) => (variant as { properties: { type: { const: string } } }).properties.type.const)
}

test.each(examples)('a message as the schemas have it: %.60s', (line) => {
  expect('message' in decodeClientMessage(line) || 'message' in decodeServerMessage(line)).toBe(true)
})

test('an example of every message, of clients and of the server', () => {
  const shown = new Set(examples.map(typeOf))
  expect([...typesOf(ClientMessage), ...typesOf(ServerMessage)].filter((type) => !shown.has(type))).toEqual([])
})

describe('frames', () => {
  const frames = blocks('hex').map((line) => decodeFrame(Buffer.from(line.replaceAll(' ', ''), 'hex')))

  test('each example is one', () => {
    for (const decoded of frames) expect(decoded).toHaveProperty('frame')
  })

  test('an example of every type, and each is named with its number', () => {
    const shown = frames.map((decoded) => ('frame' in decoded ? decoded.frame.header.type : ''))
    for (const [type, number] of Object.entries(FRAME_TYPES)) {
      expect(shown).toContain(type)
      expect(page).toContain(`${number} \`${type}\``)
    }
  })
})
