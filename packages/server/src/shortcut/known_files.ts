import { type FileState, type FileStatus, fileStateOf, type PlaceBeneath } from '@mapscope/core'
import { bytesHeaders, headerPairs } from '../delivery/head.ts'
import type { RawFile } from '../delivery/raw_file.ts'
import { sourceKey } from '../delivery/shared_sources.ts'
import { SECURITY_HEADERS } from '../plugins/security_headers.ts'
import type { Place } from '../roots/open.ts'

const MAX_COUNT = 256
const MAX_TARGET_LENGTH = 1_024

/** What an answer from a file needs, worked out when it was answered from before. */
export interface KnownFile {
  readonly place: PlaceBeneath
  readonly status: FileStatus
  /** The same, to be compared with. */
  readonly state: FileState
  /** Names its mapping in `SharedSources`. */
  readonly sourceKey: string
  /** The wire's. */
  readonly path: string
  readonly etag: string
  readonly modifiedMs: number
  readonly changedMs: number
  readonly byteLength: number
  /** Header lines of all answers with bytes of it, each with its line's end. */
  readonly headLines: string
}

/** Files that were opened to answer a request's target, exactly as it was written. All of it must be looked at again before it is used. */
export class KnownFiles {
  readonly #byTarget: Map<string, KnownFile> = new Map()

  get(target: string | undefined): KnownFile | undefined {
    return this.#byTarget.get(target ?? '')
  }

  /** Opened for that target. Devices, files of a time to come, and targets with a query (a token, perhaps) or a host are not kept. */
  remember(target: string, place: Place, opened: RawFile): void {
    const { status } = opened
    if (this.#byTarget.get(target)?.status === status || status.kind !== 'file') return
    if (opened.modifiedMs > Date.now() || !target.startsWith('/')) return
    if (target.includes('?') || target.length > MAX_TARGET_LENGTH) return
    if (this.#byTarget.size === MAX_COUNT) this.#byTarget.clear()
    this.#byTarget.set(target, knownFile(place, opened))
  }

  forget(target: string | undefined): void {
    this.#byTarget.delete(target ?? '')
  }
}

function knownFile({ root, below }: Place, opened: RawFile): KnownFile {
  const { status, path, etag, modifiedMs, changedMs, byteLength } = opened
  const pairs = headerPairs(SECURITY_HEADERS, bytesHeaders(opened))
  const lines = pairs.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`))
  return {
    place: { rootFd: root.directoryFd, path: below, followsLinks: root.kind !== 'file' },
    status,
    state: fileStateOf(status),
    sourceKey: sourceKey(status),
    path,
    etag,
    modifiedMs,
    changedMs,
    byteLength,
    headLines: lines.join(''),
  }
}
