import { expect, test } from 'vitest'
import {
  type ClientMessage,
  decodeClientMessage,
  decodeServerMessage,
  encodeMessage,
  type JobInfo,
  type ServerMessage,
} from '../src/index.ts'

const documentId = 'aaaaaaaaaaaaaaaa'
const query = { kind: 'hex', text: '7F 45' } as const
const document = {
  id: documentId,
  path: 'root/a',
  name: 'a',
  byteLength: 15 * 1024 ** 4,
  presentByteLength: 0,
  disk: 'truncated',
  revision: 2,
  mode: 'read-only',
} as const
const PAST_4_GIB = { start: 5 * 1024 ** 3, end: Number.MAX_SAFE_INTEGER } as const
const problem = { type: 'urn:x', title: 't', status: 400, detail: 'd', code: 'ERR_REQUEST' } as const

const job: JobInfo = {
  id: 'bbbbbbbbbbbbbbbb',
  kind: 'count',
  documentId,
  path: 'root/a',
  principal: 'link',
  state: 'running',
  createdMs: 1,
  range: { start: 0, end: document.byteLength },
  scanned: 5_368_709_120,
  total: document.byteLength,
  shards: { done: 1, count: 15 },
  rowCount: 0,
  unreadable: [],
  hasChanged: false,
  summary: { kind: 'count', count: 3 },
}

/** One of each kind, so that a variant without a row is a type error. */
const CLIENT: { [T in ClientMessage['type']]: Extract<ClientMessage, { type: T }> } = {
  open: { type: 'open', id: 1, documentId },
  close: { type: 'close', id: 2, documentId },
  search: { type: 'search', id: 3, documentId, query, from: Number.MAX_SAFE_INTEGER, direction: 'backward' },
  cancel: { type: 'cancel', id: 3 },
  ping: { type: 'ping', id: Number.MAX_SAFE_INTEGER },
  read: { type: 'read', id: 2 ** 32 - 1, documentId, stream: 65_535, priority: 'viewport', ranges: [PAST_4_GIB] },
  credit: { type: 'credit', id: 5, stream: 0, byteLength: 65_536 },
  watch: { type: 'watch', id: 6, documentId, stream: 1, ranges: [PAST_4_GIB], hasPatches: true },
  unwatch: { type: 'unwatch', id: 7, documentId, stream: 1 },
  watchJobs: { type: 'watchJobs', id: 5 },
}

const SERVER: { [T in ServerMessage['type']]: Extract<ServerMessage, { type: T }> } = {
  hello: { type: 'hello', version: '1', clientId: 'c', isWritable: false },
  opened: {
    type: 'opened',
    id: 1,
    document,
    missed: [{ revision: 2, cause: 'edit', ranges: [PAST_4_GIB], clientId: 'c' }],
  },
  closed: { type: 'closed', id: 2 },
  changed: { type: 'changed', cause: 'disk', document, ranges: [{ start: 0, end: document.byteLength }] },
  progress: { type: 'progress', id: 3, scanned: 5, total: document.byteLength },
  found: { type: 'found', id: 3, offset: 5_368_709_120, byteLength: 2, isWrapped: true, unreadable: [] },
  absent: { type: 'absent', id: 3, unreadable: [{ start: 1, end: 2 }] },
  cancelled: { type: 'cancelled', id: 3 },
  pong: { type: 'pong', id: 4 },
  error: { type: 'error', problem },
  unreadable: { type: 'unreadable', id: 2 ** 32 - 1, stream: 3, ranges: [PAST_4_GIB] },
  watching: { type: 'watching', id: 6, revision: 2 },
  unwatched: { type: 'unwatched', id: 7 },
  jobs: { type: 'jobs', id: 5, jobs: [job] },
  job: { type: 'job', job: { ...job, state: 'failed', problem } },
}

test.each(Object.values(CLIENT))('a client message survives the wire: $type', (message) => {
  expect(decodeClientMessage(encodeMessage(message))).toEqual({ message })
})

test.each(Object.values(SERVER))('a server message survives the wire: $type', (message) => {
  expect(decodeServerMessage(encodeMessage(message))).toEqual({ message })
})

test.each([
  '',
  'not json',
  'null',
  '[]',
  '{}',
  '"open"',
  '{"type":"open"}',
  '{"type":"open","id":0,"documentId":"aaaaaaaaaaaaaaaa"}',
  '{"type":"open","id":1.5,"documentId":"aaaaaaaaaaaaaaaa"}',
  '{"type":"open","id":"1","documentId":"aaaaaaaaaaaaaaaa"}',
  '{"type":"open","id":1,"documentId":"../../etc"}',
  '{"type":"open","id":1,"documentId":"aaaaaaaaaaaaaaaa","more":1}',
  '{"type":"ping","id":9007199254740993}',
  '{"type":"hello","version":"1","clientId":"c","isWritable":true}',
  '{"type":"__proto__","id":1}',
  '{"type":"search","id":1,"documentId":"aaaaaaaaaaaaaaaa","query":{"kind":"sql","text":"a"},"from":0,"direction":"forward"}',
  '{"type":"search","id":1,"documentId":"aaaaaaaaaaaaaaaa","query":{"kind":"hex","text":""},"from":0,"direction":"forward"}',
  '{"type":"search","id":1,"documentId":"aaaaaaaaaaaaaaaa","query":{"kind":"hex","text":"00"},"from":-1,"direction":"forward"}',
  '{"type":"read","id":4294967296,"documentId":"aaaaaaaaaaaaaaaa","stream":0,"priority":"bulk","ranges":[{"start":0,"end":1}]}',
  '{"type":"read","id":1,"documentId":"aaaaaaaaaaaaaaaa","stream":65536,"priority":"bulk","ranges":[{"start":0,"end":1}]}',
  '{"type":"read","id":1,"documentId":"aaaaaaaaaaaaaaaa","stream":0,"priority":"bulk","ranges":[]}',
  '{"type":"read","id":1,"documentId":"aaaaaaaaaaaaaaaa","stream":0,"priority":"first","ranges":[{"start":0,"end":1}]}',
  '{"type":"credit","id":1,"stream":0,"byteLength":0}',
  '{"type":"watch","id":1,"documentId":"aaaaaaaaaaaaaaaa","stream":0,"ranges":[{"start":-1,"end":1}]}',
])('is no client message: %s', (text) => {
  expect(decodeClientMessage(text)).toHaveProperty('problem')
})

test('the longest text that may be searched for is decoded, a longer one is not', () => {
  const search = (length: number): string =>
    JSON.stringify({ ...CLIENT.search, query: { kind: 'text', text: 'x'.repeat(length) } })
  expect(decodeClientMessage(search(65_536))).toHaveProperty('message')
  expect(decodeClientMessage(search(65_537))).toHaveProperty('problem')
})
