import type { SharedSources } from './delivery/shared_sources.ts'
import type { DocumentStore } from './documents/store.ts'
import type { ServerEvents } from './events/server_events.ts'
import type { ByteShares } from './guard/byte_shares.ts'
import type { Credentials } from './guard/credentials.ts'
import type { KnownCallers } from './guard/known_callers.ts'
import type { LaunchCodes } from './guard/launch_codes.ts'
import type { UnderWay } from './guard/under_way.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Root } from './roots/root.ts'
import type { KnownFiles } from './shortcut/known_files.ts'

/** What the routes and the socket work with; made once by `buildApp`, handed to each as its plugin options. */
export interface Services {
  readonly roots: readonly Root[]
  readonly documents: DocumentStore
  readonly credentials: Credentials
  readonly callers: KnownCallers
  readonly launchCodes: LaunchCodes
  /** Downloads and sockets, and whose they are. */
  readonly underWay: UnderWay
  readonly bytesUnderWay: ByteShares
  /** Copies of what sockets watch. */
  readonly watchedBytes: ByteShares
  readonly isWritable: boolean
  /** Where what happens is told. */
  readonly events: ServerEvents
  readonly jobs: Jobs
  /** Mappings of files that are answered from without a document. */
  readonly sources: SharedSources
  readonly knownFiles: KnownFiles
}
