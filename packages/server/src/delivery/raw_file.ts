import { closeSync } from 'node:fs'
import { type FileStatus, fileStatus, type MappedSource } from '@mapscope/core'
import { isSameStatus } from '../documents/disk.ts'
import type { OpenedFile } from '../documents/open.ts'
import { makeEtag } from '../http/content.ts'
import type { KnownStatuses } from './known_statuses.ts'
import type { Served } from './served.ts'
import type { SharedSource, SharedSources } from './shared_sources.ts'

export interface RawFileOptions {
  /** Taken over: closed by `release`. */
  readonly file: OpenedFile
  /** The wire's. */
  readonly path: string
  readonly name: string
  readonly sources: SharedSources
  readonly statuses: KnownStatuses
}

/** A file opened for one answer. Its tag is the file's status alone, so it is the same for every client and after a restart. */
export class RawFile implements Served {
  readonly via = 'raw'
  readonly path: string
  readonly name: string
  readonly etag: string
  readonly modifiedMs: number
  readonly changedMs: number
  readonly headers: Readonly<Record<string, string>> = { 'cache-control': 'private, no-cache' }
  readonly byteLength: number
  readonly presentByteLength: number
  readonly #fd: number
  /** The same object for as long as the file stays as it is. */
  readonly status: FileStatus
  readonly #sources: SharedSources
  #shared: SharedSource | undefined

  constructor({ file, path, name, sources, statuses }: RawFileOptions) {
    const { fd } = file
    const status = statuses.same(path, file.status)
    this.path = path
    this.name = name
    this.etag = makeEtag(status, 0)
    this.modifiedMs = Number(status.modifiedNs / 1_000_000n)
    this.changedMs = Number(status.changedNs / 1_000_000n)
    this.byteLength = status.byteLength
    this.presentByteLength = status.byteLength
    this.#fd = fd
    this.status = status
    this.#sources = sources
  }

  map(): MappedSource | undefined {
    this.#shared ??= this.#sources.acquire(this.#fd, this.status)
    return this.#shared?.source
  }

  isCurrent(): boolean {
    return isSameStatus(fileStatus(this.#fd), this.status)
  }

  endTurn(): void {
    // Nothing is held up for it: the edits of a document are not its own.
  }

  release(): void {
    closeSync(this.#fd)
    this.#shared?.release()
  }
}
