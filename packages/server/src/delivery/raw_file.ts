import { closeSync } from 'node:fs'
import { type FileStatus, fileStatus } from '@mapscope/core'
import type { ByteSource } from '@mapscope/core/shared'
import { isSameStatus } from '../documents/disk.ts'
import type { OpenedFile } from '../documents/open.ts'
import { makeEtag } from '../http/content.ts'
import type { Served } from './served.ts'
import type { SharedSource, SharedSources } from './shared_sources.ts'

export interface RawFileOptions {
  /** Taken over: closed by `release`. */
  readonly file: OpenedFile
  readonly name: string
  readonly sources: SharedSources
}

/** A file opened for one answer. Its tag is the file's status alone, so it is the same for every client and after a restart. */
export class RawFile implements Served {
  readonly name: string
  readonly etag: string
  readonly modifiedMs: number
  readonly headers: Readonly<Record<string, string>> = { 'cache-control': 'private, no-cache' }
  readonly byteLength: number
  readonly presentByteLength: number
  readonly #fd: number
  readonly #status: FileStatus
  readonly #sources: SharedSources
  #shared: SharedSource | undefined

  constructor({ file, name, sources }: RawFileOptions) {
    const { fd, status } = file
    this.name = name
    this.etag = makeEtag(status, 0)
    this.modifiedMs = Number(status.modifiedNs / 1_000_000n)
    this.byteLength = status.byteLength
    this.presentByteLength = status.byteLength
    this.#fd = fd
    this.#status = status
    this.#sources = sources
  }

  map(): ByteSource | undefined {
    this.#shared ??= this.#sources.acquire(this.#fd, this.#status)
    return this.#shared?.source
  }

  isCurrent(): boolean {
    return isSameStatus(fileStatus(this.#fd), this.#status)
  }

  endTurn(): void {
    // Nothing is held up for it: the edits of a document are not its own.
  }

  release(): void {
    closeSync(this.#fd)
    this.#shared?.release()
  }
}
