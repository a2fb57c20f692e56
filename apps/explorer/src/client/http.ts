import { includesOffset } from '@mapscope/core/shared'
import {
  API_PREFIX,
  DocumentInfo,
  type EditRequest,
  EditResult,
  FileList,
  Problem,
  SessionInfo,
} from '@mapscope/protocol'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { type BytesReply, type BytesRequest, readBytesReply } from './bytes_reply.ts'
import { ClientError, isClientError, problemText } from './client_error.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export interface HttpClientOptions {
  /** Origin of the server, as `http://127.0.0.1:8080`; the page's own. */
  readonly baseUrl: string
  /** How long a small answer may take; bytes from a cold disk get as long as the network gives them. */
  readonly deadlineMs?: number
  /** The server does not (or no longer) let this tab in. */
  readonly onUnauthorized?: () => void
}

/** Every method rejects with a `ClientError`, or with the signal's reason once aborted. */
export interface HttpClient {
  startSession(token: string, options?: CallOptions): Promise<SessionInfo>
  listFiles(path: string, options?: CallOptions): Promise<FileList>
  openDocument(path: string, options?: CallOptions): Promise<DocumentInfo>
  getDocument(documentId: string, options?: CallOptions): Promise<DocumentInfo>
  readBytes(request: BytesRequest, options?: CallOptions): Promise<BytesReply>
  edit(documentId: string, request: EditRequest, options?: CallOptions): Promise<EditResult>
  reload(documentId: string, options?: CallOptions): Promise<DocumentInfo>
}

const DEADLINE_MS = 20_000

export function createHttpClient(clientOptions: HttpClientOptions): HttpClient {
  const { baseUrl, deadlineMs = DEADLINE_MS, onUnauthorized } = clientOptions
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await request(`${baseUrl}${API_PREFIX}${path}`, init)
    } catch (error) {
      if (isClientError(error, 'ERR_UNAUTHORIZED')) onUnauthorized?.()
      throw error
    }
  }
  const timed = (options?: CallOptions): AbortSignal => {
    const deadline = AbortSignal.timeout(deadlineMs)
    return options?.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  }
  const get = async <S extends TSchema>(path: string, schema: S, options?: CallOptions): Promise<Static<S>> =>
    parse(await call(path, { signal: timed(options) }), schema)
  const post = async <S extends TSchema>(path: string, body: unknown, schema: S, options?: CallOptions) =>
    parse(await call(path, { ...jsonBody(body), method: 'POST', signal: timed(options) }), schema)

  return {
    startSession: (token, options) => post('/session', { token }, SessionInfo, options),
    listFiles: (path, options) => get(`/files?path=${encodeURIComponent(path)}`, FileList, options),
    openDocument: (path, options) => post('/documents', { path }, DocumentInfo, options),
    getDocument: (id, options) => get(`/documents/${id}`, DocumentInfo, options),
    reload: (id, options) => post(`/documents/${id}/reload`, {}, DocumentInfo, options),
    edit: (id, edit, options) => post(`/documents/${id}/edits`, edit, EditResult, options),
    async readBytes(asked, options) {
      const { start, end } = asked.range
      const headers = { range: `bytes=${start}-${end - 1}` }
      const path = `/documents/${asked.documentId}/bytes?revision=${asked.revision}`
      try {
        const response = await call(path, { headers, signal: options?.signal ?? null })
        return await readBytesReply(response, asked).catch(asNetworkError)
      } catch (error) {
        if (!isClientError(error, 'ERR_UNREADABLE')) throw error
        // 410: the very first byte asked for is gone, and the problem says how far.
        const unreadable = error.problem?.unreadable ?? []
        if (!includesOffset(unreadable, start)) throw error
        return { bytes: new Uint8Array(0), unreadable }
      }
    },
  }
}

function jsonBody(body: unknown): RequestInit {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { ...init, cache: 'no-store', credentials: 'same-origin' })
  } catch (error) {
    return asNetworkError(error)
  }
  if (response.ok) return response
  throw await problemOf(response)
}

async function parse<S extends TSchema>(response: Response, schema: S): Promise<Static<S>> {
  let value: unknown
  try {
    value = await response.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) return asNetworkError(error)
    throw new ClientError('ERR_PROTOCOL', `The server's answer is not JSON.`, { cause: error })
  }
  if (Value.Check(schema, value)) return value as Static<S>
  throw new ClientError('ERR_PROTOCOL', `The server's answer is not what this explorer knows. Reload the page.`)
}

async function problemOf(response: Response): Promise<ClientError> {
  let value: unknown
  try {
    value = await response.json()
  } catch {
    value = undefined
  }
  if (Value.Check(Problem, value)) {
    const problem = value as Problem
    return new ClientError(problem.code, problemText(problem), { problem })
  }
  // Not ours: a proxy whose server is away (vite's among them) answers 5xx in its own words.
  const code = response.status >= 500 ? 'ERR_NETWORK' : 'ERR_PROTOCOL'
  return new ClientError(code, `The server answered ${response.status} ${response.statusText}.`.replace(' .', '.'))
}

/** Aborts pass through as they are; a run-out deadline and a broken connection become errors of ours. */
function asNetworkError(error: unknown): never {
  if (isClientError(error)) throw error
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    throw new ClientError('ERR_DEADLINE', 'The server did not answer in time.', { cause: error })
  }
  if (error instanceof DOMException && error.name === 'AbortError') throw error
  throw new ClientError('ERR_NETWORK', 'The server cannot be reached.', { cause: error })
}
