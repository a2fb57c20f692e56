import { API_PREFIX, type FileEntry, type FileList } from '@mapscope/protocol'
import type { FastifyInstance } from 'fastify'
import { buildApp, type LoggerOptions } from '../app.ts'
import { createToken } from '../guard/credentials.ts'
import { RootError, type RootProblem } from '../roots/root.ts'
import type { ServeCommand } from './arguments.ts'
import { explorerDirectory } from './explorer_directory.ts'
import { listen } from './listen.ts'
import { tokenFromFile } from './token_file.ts'
import { type UsageCode, UsageError } from './usage_error.ts'

export interface Serving {
  readonly app: FastifyInstance
  readonly port: number
  readonly token: string
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
export async function serve(command: ServeCommand): Promise<Serving> {
  const token = command.tokenFile === undefined ? createToken() : tokenFromFile(command.tokenFile)
  const app = await build(command, token)
  try {
    return { app, token, entries: await entriesOf(app, token), port: await listen(app, command.host, command.port) }
  } catch (error) {
    await app.close()
    throw error
  }
}

async function build(command: ServeCommand, token: string): Promise<FastifyInstance> {
  // To standard error: standard output has the link, and scripts read it.
  const logger: LoggerOptions = { level: command.isLogging ? 'info' : 'error', stream: process.stderr }
  try {
    return await buildApp({
      roots: command.paths,
      isWritable: command.isWritable,
      token,
      explorerDirectory: explorerDirectory(),
      allowedHosts: [command.host, ...command.allowedHosts],
      logger,
    })
  } catch (error) {
    if (error instanceof RootError) throw new UsageError(CODE_OF_ROOT_PROBLEM[error.problem], error.message, error)
    throw error
  }
}

/** Asked the way every client asks, so that the console shows what they see. */
async function entriesOf(app: FastifyInstance, token: string): Promise<FileEntry[]> {
  const headers = { host: 'localhost', authorization: `Bearer ${token}` }
  const response = await app.inject({ url: `${API_PREFIX}/files`, headers })
  return response.json<FileList>().entries
}
