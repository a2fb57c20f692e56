import { API_PREFIX, type FileEntry, type FileList, type LaunchCode } from '@mapscope/protocol'
import type { FastifyInstance } from 'fastify'
import { type AppOptions, buildApp } from '../app.ts'
import { AuditError } from '../audit/audit_error.ts'
import { ProblemError } from '../errors.ts'
import { createToken } from '../guard/credentials.ts'
import { type Certificate, fingerprint } from '../guard/self_signed.ts'
import { TokenTableError } from '../guard/token_table.ts'
import type { LoggerOptions } from '../logging/logging.ts'
import { RootError, type RootProblem } from '../roots/root.ts'
import type { ServeSettings } from '../settings/serve_settings.ts'
import { explorerDirectory } from './explorer_directory.ts'
import { listen } from './listen.ts'
import { logLevelOf, logStream } from './log_stream.ts'
import { stateDirectoryFor } from './state_directory.ts'
import { tokenFromFile } from './token_file.ts'
import { certificateOf } from './transport.ts'
import { type UsageCode, UsageError } from './usage_error.ts'

export interface Serving {
  readonly app: FastifyInstance
  readonly port: number
  readonly token: string
  /** What stands behind the `?` of the printed link. */
  readonly query: string
  /** Undefined: plain HTTP. The certificate where nobody has signed it: clients must be told of it. */
  readonly tls: { readonly fingerprint: string; readonly certificate: string | undefined } | undefined
  /** What is served, as a client is told. */
  readonly entries: readonly FileEntry[]
}

const CODE_OF_ROOT_PROBLEM: { readonly [Problem in RootProblem]: UsageCode } = {
  missing: 'ERR_PATH_MISSING',
  forbidden: 'ERR_PATH_FORBIDDEN',
  unsupported: 'ERR_PATH_UNSUPPORTED',
  loop: 'ERR_PATH_LOOP',
}

/** Builds the app and listens. @throws UsageError for whatever the person at the console can put right. */
export async function serve(settings: ServeSettings): Promise<Serving> {
  const token = settings.tokenFile === undefined ? createToken() : tokenFromFile(settings.tokenFile)
  const tls = certificateOf(settings)
  const app = await build(settings, token, tls)
  try {
    const query = settings.oneTimeLink ? `code=${await codeOf(app, token)}` : `token=${token}`
    const entries = await entriesOf(app, token)
    const port = await listen(app, settings.host, settings.port)
    return { app, token, query, tls: tls && describe(tls, settings), entries, port }
  } catch (error) {
    await app.close()
    throw error
  }
}

function describe({ cert }: Certificate, { tlsSelfSigned }: ServeSettings): Serving['tls'] {
  return { fingerprint: fingerprint(cert), certificate: tlsSelfSigned ? cert : undefined }
}

async function build(settings: ServeSettings, token: string, tls: Certificate | undefined): Promise<FastifyInstance> {
  const logger: LoggerOptions = { level: logLevelOf(settings), stream: logStream(settings.logFile) }
  try {
    return await buildKeeping(settings, {
      roots: settings.paths,
      isWritable: settings.writable,
      token,
      explorerDirectory: explorerDirectory(),
      allowedHosts: [settings.host, ...settings.allowHost],
      logger,
      tls,
      tokensFile: settings.tokens,
      auditFile: settings.audit,
      auditRotateByteLength: settings.auditRotate * 1024 ** 2,
      isEvidence: settings.evidence,
    })
  } catch (error) {
    if (error instanceof RootError) throw new UsageError(CODE_OF_ROOT_PROBLEM[error.problem], error.message, error)
    if (error instanceof TokenTableError) throw new UsageError('ERR_TOKEN_FILE', error.message, error)
    if (error instanceof AuditError) throw new UsageError('ERR_AUDIT_FILE', error.message, error)
    if (error instanceof ProblemError) throw new UsageError('ERR_STATE', error.message, error)
    throw error
  }
}

async function codeOf(app: FastifyInstance, token: string): Promise<string> {
  const response = await app.inject({ method: 'POST', url: `${API_PREFIX}/session/codes`, headers: headersOf(token) })
  return response.json<LaunchCode>().code
}

/** A folder that nobody asked for is done without when it cannot be had: another server of the same paths has it, or there is no home. */
async function buildKeeping({ state, paths }: ServeSettings, options: AppOptions): Promise<FastifyInstance> {
  const stateDirectory = stateDirectoryFor(state, paths)
  if (stateDirectory === undefined) return await buildApp(options)
  try {
    return await buildApp({ ...options, stateDirectory })
  } catch (error) {
    if (state !== undefined || !(error instanceof ProblemError)) throw error
    process.stderr.write(`mapscope: jobs will end with this server: ${error.message}\n`)
    return await buildApp(options)
  }
}

/** Asked the way every client asks, so that the console shows what they see. */
async function entriesOf(app: FastifyInstance, token: string): Promise<FileEntry[]> {
  const headers = headersOf(token)
  const response = await app.inject({ url: `${API_PREFIX}/files`, headers })
  return response.json<FileList>().entries
}

function headersOf(token: string): Record<string, string> {
  return { host: 'localhost', authorization: `Bearer ${token}` }
}
