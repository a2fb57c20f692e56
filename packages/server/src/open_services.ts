import type { FastifyBaseLogger } from 'fastify'
import { AUDIT_FILE_BYTE_LENGTH, assertEvidence, startAudit } from './audit/start.ts'
import { Closers } from './closers.ts'
import { SharedSources } from './delivery/shared_sources.ts'
import { DocumentStore } from './documents/store.ts'
import { watchDocuments } from './documents/watch.ts'
import { ServerEvents } from './events/server_events.ts'
import { BackgroundHashing } from './evidence/background_hashing.ts'
import { type ByteLimits, ByteShares, WATCH_LIMITS } from './guard/byte_shares.ts'
import { Credentials, createToken } from './guard/credentials.ts'
import { KnownCallers } from './guard/known_callers.ts'
import { LaunchCodes } from './guard/launch_codes.ts'
import { Revocation } from './guard/revocation.ts'
import { TokenTableFile } from './guard/token_table_file.ts'
import { UnderWay } from './guard/under_way.ts'
import { Jobs } from './jobs/jobs.ts'
import type { JobLimits } from './jobs/limits.ts'
import { closeRoots, openRoots } from './roots/root.ts'
import type { Services } from './services.ts'
import { KnownFiles } from './shortcut/known_files.ts'

export interface ServiceOptions {
  /** Files and folders to serve: nothing outside them is ever opened. */
  readonly roots: readonly string[]
  /** Lets documents be edited, straight in the file. Default: false, and then files are opened and mapped read-only. */
  readonly isWritable?: boolean
  /** The secret that opens everything; 256 random bits by default (and then only known to this app). */
  readonly token?: string
  /** A file with tokens of several people and their roles; see docs/security.md. Read again when it changes. */
  readonly tokensFile?: string | undefined
  /** A file to which everything that is served, changed or refused is appended; see docs/security.md. */
  readonly auditFile?: string | undefined
  /** A file of the trail that has grown to this is put away, and the chain goes on in another. 0: never. Default: 256 MiB. */
  readonly auditRotateByteLength?: number
  /** Evidence mode: nothing is ever writable, the audit trail is required, and what it cannot take is not served. */
  readonly isEvidence?: boolean
  /** Where jobs are kept over a restart, made with mode 0700. Default: nowhere, they go with the app. */
  readonly stateDirectory?: string
  /** Bounds of the bytes that are read and not yet taken, where others than the default ones are wanted. */
  readonly byteLimits?: ByteLimits
  /** Bounds of jobs, where others than the default ones are wanted. */
  readonly jobLimits?: Partial<JobLimits>
}

export interface OpenServices extends Services {
  /** @throws ProblemError `ERR_AUDIT` where nothing may be served, as it could not be written down. */
  assertServing(): void
  /** Reads the table of tokens now, and takes this for the link's token where one is given. @throws TokenTableError: the ones before stay in force. */
  rereadTokens(linkToken: string | undefined): void
  close(): Promise<void>
}

/** Opens all that an app works with; when one thing cannot be had, what was opened before is closed again. */
export async function openServices(options: ServiceOptions, log: FastifyBaseLogger): Promise<OpenServices> {
  const closers = new Closers()
  try {
    return await open(options, log, closers)
  } catch (error) {
    await closers.close().catch((failure: unknown) => log.error({ err: failure }, 'not all could be closed again'))
    throw error
  }
}

async function open(options: ServiceOptions, log: FastifyBaseLogger, closers: Closers): Promise<OpenServices> {
  const { isWritable = false, isEvidence = false, auditFile } = options
  const { auditRotateByteLength: rotateByteLength = AUDIT_FILE_BYTE_LENGTH } = options
  const auditOptions = { auditFile, rotateByteLength, isEvidence, isWritable }
  assertEvidence(auditOptions)
  const table = options.tokensFile === undefined ? undefined : new TokenTableFile(options.tokensFile)
  const credentials = new Credentials(options.token ?? createToken(), table?.read())
  const roots = await openRoots(options.roots)
  closers.add(() => closeRoots(roots))
  const events = new ServerEvents()
  const audit = await startAudit(auditOptions, { events, roots, log })
  // A disk that is full is told in the log already.
  closers.add(() => audit?.close().catch(() => undefined))
  if (audit !== undefined && auditFile !== undefined && isEvidence) {
    const hashing = new BackgroundHashing({ roots, events, trail: audit, auditFile, log })
    closers.add(() => hashing.close())
  }
  const underWay = new UnderWay()
  const documents = new DocumentStore({ roots, isWritable })
  closers.add(() => documents.close())
  const sources = new SharedSources()
  closers.add(() => sources.close())
  const jobs = new Jobs({ ...options, documents, events, credentials, log })
  closers.add(() => jobs.close())
  const revocation = new Revocation({ credentials, underWay, events, endJobs: (name) => jobs.endOf(name) })
  closers.add(() => revocation.close())
  if (table !== undefined) watchTable(table, { revocation, log, closers })
  closers.add(
    watchDocuments({
      list: () => documents.list(),
      onError: (error, { id }) => log.error({ err: error, document: id }, 'a document could not be watched'),
    }),
  )
  return {
    roots,
    documents,
    credentials,
    callers: new KnownCallers(credentials),
    launchCodes: new LaunchCodes(),
    underWay,
    bytesUnderWay: new ByteShares(options.byteLimits),
    watchedBytes: new ByteShares(WATCH_LIMITS),
    isWritable,
    events,
    jobs,
    sources,
    knownFiles: new KnownFiles(),
    assertServing: () => audit?.assertServing(),
    rereadTokens: (linkToken) => {
      // First what may fail.
      revocation.replaceTable(table?.read() ?? [])
      if (linkToken !== undefined) revocation.replaceLink(linkToken)
    },
    close: () => closers.close(),
  }
}

interface TableUser {
  readonly revocation: Revocation
  readonly log: FastifyBaseLogger
  readonly closers: Closers
}

function watchTable(table: TokenTableFile, { revocation, log, closers }: TableUser): void {
  table.watch(
    (tokens) => revocation.replaceTable(tokens),
    (error) => log.error({ err: error }, 'the table of tokens is wrong; the one before stays in force'),
  )
  closers.add(() => table.close())
}
