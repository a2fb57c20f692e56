import { readFileSync } from 'node:fs'
import { API_PREFIX, type DocumentInfo, type DocumentList, type FileList, Problem } from '@mapscope/protocol'
import { Value } from '@mapscope/protocol/typebox'
import { runningServers } from '../runtime/running_server.ts'
import { ask } from './ask.ts'
import type { OptionRow } from './command.ts'
import type { Arguments } from './command_arguments.ts'
import { UsageError } from './usage_error.ts'

export const SERVER_OPTIONS: readonly OptionRow[] = [
  {
    name: 'server',
    value: 'URL',
    help: 'the server, as http://127.0.0.1:7370, or its whole link (or MAPSCOPE_SERVER); default: the one of yours that was started last',
  },
  {
    name: 'token-file',
    value: 'FILE',
    help: 'where its token is (or MAPSCOPE_TOKEN_FILE; MAPSCOPE_TOKEN is the token itself)',
  },
  { name: 'token', value: 'TOKEN', help: 'its token; others on this machine can see what stands on a line' },
]

export const SERVER_NOTES =
  'Servers of yours on this machine are found by themselves.\nExits with 0, or 2 for an error: ERR_NO_SERVER when none is found or it does not answer, else the code that the server gave.'

const ANSWER_TIMEOUT_MS = 30_000

interface Place {
  readonly url: string
  readonly token: string
  readonly certificate: string | undefined
}

/** A running server, asked as every other program would ask it. */
export class ServerClient {
  readonly #place: Place
  readonly #signal: AbortSignal

  private constructor(place: Place, signal: AbortSignal) {
    this.#place = place
    this.#signal = signal
  }

  /** The server that the options, the environment or the runtime folder name. @throws UsageError `ERR_NO_SERVER`, `ERR_TOKEN_FILE`. */
  static find(args: Arguments, environment: NodeJS.ProcessEnv, signal: AbortSignal): ServerClient {
    return new ServerClient(findPlace(args, environment), signal)
  }

  listFiles(path: string): Promise<FileList> {
    return this.#ask<FileList>(`/files?path=${encodeURIComponent(path)}`)
  }

  listDocuments(): Promise<DocumentList> {
    return this.#ask<DocumentList>('/documents')
  }

  getDocument(id: string): Promise<DocumentInfo> {
    return this.#ask<DocumentInfo>(`/documents/${encodeURIComponent(id)}`)
  }

  openDocument(path: string): Promise<DocumentInfo> {
    return this.#ask<DocumentInfo>('/documents', { path })
  }

  /** The explorer's address for a document, at an offset. */
  linkTo(path: string, offset: number): string {
    const { url, token } = this.#place
    return `${url}/?token=${token}#path=${encodeURIComponent(path)}&offset=0x${offset.toString(16).toUpperCase()}`
  }

  async #ask<T>(path: string, body?: object): Promise<T> {
    const { url, token, certificate } = this.#place
    const { status, text } = await ask({
      url: `${url}${API_PREFIX}${path}`,
      headers: { authorization: `Bearer ${token}` },
      body,
      certificate,
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    }).catch((error: unknown) => {
      throw new UsageError('ERR_NO_SERVER', `${url} does not answer (${reasonOf(error)}); is it running?`, error)
    })
    const answer = parse(text)
    if (status >= 200 && status < 300 && answer !== undefined) return answer as T
    if (Value.Check(Problem, answer)) throw new ServerRefusal(answer as Problem)
    throw new UsageError('ERR_NO_SERVER', `${url} answers ${status} and is no Mapscope`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the server said, under its own code. */
class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal'
  readonly code: string

  constructor({ code, detail }: Problem) {
    super(detail)
    this.code = code
  }
}

function findPlace(args: Arguments, environment: NodeJS.ProcessEnv): Place {
  const given = args.text('server') ?? environment['MAPSCOPE_SERVER']
  if (given === undefined || given === '') {
    const [server] = runningServers(environment)
    if (server === undefined)
      throw new UsageError(
        'ERR_NO_SERVER',
        'no server of yours runs here; start one with mapscope serve, or name it with --server',
      )
    return { ...server, token: givenToken(args, environment) ?? server.token, certificate: server.certificate }
  }
  const url = parseServer(given)
  const known = runningServers(environment).find((server) => server.url === url.origin)
  const token = url.searchParams.get('token') ?? givenToken(args, environment) ?? known?.token
  if (token !== undefined) return { url: url.origin, token, certificate: known?.certificate }
  throw new UsageError('ERR_USAGE', `say what the token of ${url.origin} is: --token-file, or MAPSCOPE_TOKEN`)
}

function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new UsageError('ERR_USAGE', `--server takes a URL such as http://127.0.0.1:7370, not “${text}”`)
}

function givenToken(args: Arguments, environment: NodeJS.ProcessEnv): string | undefined {
  const token = args.text('token') ?? (args.has('token-file') ? undefined : environment['MAPSCOPE_TOKEN'] || undefined)
  const file = args.text('token-file') ?? (environment['MAPSCOPE_TOKEN_FILE'] || undefined)
  if (token !== undefined || file === undefined) return token
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new UsageError('ERR_TOKEN_FILE', `${file} cannot be read`, error)
  }
}

function reasonOf(error: unknown): string {
  const { code, cause, message } = error as NodeJS.ErrnoException
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'no answer in time' : (code ?? message)
}
