import { includesOffset } from '@mapscope/core/shared'
import {
  DocumentInfo,
  type EditRequest,
  EditResult,
  FileList,
  Problem,
  SessionInfo,
  type SessionRequest,
} from '@mapscope/protocol'
import { type Static, type TSchema, Value } from '@mapscope/protocol/typebox'
import createClient from 'openapi-fetch'
import { type BytesReply, type BytesRequest, readBytesReply } from './bytes_reply.ts'
import { ClientError, isClientError, problemText } from './client_error.ts'
import type { paths } from './generated/api.ts'

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
  startSession(proof: SessionRequest, options?: CallOptions): Promise<SessionInfo>
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
  const client = createClient<paths>({
    baseUrl,
    cache: 'no-store',
    credentials: 'same-origin',
    fetch: async (request) => {
      try {
        return await fetchOk(request)
      } catch (error) {
        if (isClientError(error, 'ERR_UNAUTHORIZED')) onUnauthorized?.()
        throw error
      }
    },
  })
  const timed = (options?: CallOptions): AbortSignal => {
    const deadline = AbortSignal.timeout(deadlineMs)
    return options?.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  }

  return {
    startSession: (proof, options) =>
      checked(client.POST('/api/v1/session', { body: proof, signal: timed(options) }), SessionInfo),
    listFiles: (path, options) =>
      checked(client.GET('/api/v1/files', { params: { query: { path } }, signal: timed(options) }), FileList),
    openDocument: (path, options) =>
      checked(client.POST('/api/v1/documents', { body: { path }, signal: timed(options) }), DocumentInfo),
    getDocument: (id, options) =>
      checked(client.GET('/api/v1/documents/{id}', { params: { path: { id } }, signal: timed(options) }), DocumentInfo),
    reload: (id, options) =>
      checked(
        client.POST('/api/v1/documents/{id}/reload', { params: { path: { id } }, signal: timed(options) }),
        DocumentInfo,
      ),
    edit: (id, edit, options) =>
      checked(
        client.POST('/api/v1/documents/{id}/edits', { params: { path: { id } }, body: edit, signal: timed(options) }),
        EditResult,
      ),
    async readBytes(asked, options) {
      const { documentId: id, revision, range } = asked
      const params = { path: { id }, query: { revision }, header: { range: `bytes=${range.start}-${range.end - 1}` } }
      const signal = options?.signal ?? null
      try {
        const { response } = await client.GET('/api/v1/documents/{id}/bytes', { params, signal, parseAs: 'stream' })
        return await readBytesReply(response, asked).catch(asNetworkError)
      } catch (error) {
        if (!isClientError(error, 'ERR_UNREADABLE')) throw error
        // 410: the very first byte asked for is gone, and the problem says how far.
        const unreadable = error.problem?.unreadable ?? []
        if (!includesOffset(unreadable, range.start)) throw error
        return { bytes: new Uint8Array(0), unreadable }
      }
    },
  }
}

/** Only answers that are no refusals. */
async function fetchOk(request: Request): Promise<Response> {
  let response: Response
  try {
    response = await fetch(request)
  } catch (error) {
    return asNetworkError(error)
  }
  if (response.ok) return response
  throw await problemOf(response)
}

/**
 * The answer, looked at before it is believed: its type is what the document says, and an older or newer server says something
 * else. That the schema is the document's is the compiler's to see.
 */
async function checked<S extends TSchema>(
  answer: Promise<{ readonly data?: Static<S> }>,
  schema: S,
): Promise<Static<S>> {
  let value: unknown
  try {
    value = (await answer).data
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
