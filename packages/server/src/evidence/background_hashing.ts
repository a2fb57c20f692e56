import { closeSync } from 'node:fs'
import { fileStatus, MappedSource } from '@mapscope/core'
import type { FastifyBaseLogger } from 'fastify'
import type { AuditTrail } from '../audit/audit_trail.ts'
import { isSameStatus } from '../documents/disk.ts'
import { type OpenedFile, openFile } from '../documents/open.ts'
import type { ServerEvents } from '../events/server_events.ts'
import { makeEtag } from '../http/content.ts'
import { resolvePlace } from '../roots/open.ts'
import type { Root } from '../roots/root.ts'
import { parseWirePath } from '../roots/wire_path.ts'
import { computeChunkHashes } from './chunk_hashes.ts'
import { EVIDENCE_CHUNK_BYTE_LENGTH, Manifest, manifestPath } from './manifest.ts'
import { merkleRoot } from './merkle.ts'

export interface BackgroundHashingOptions {
  readonly roots: readonly Root[]
  readonly events: ServerEvents
  readonly trail: AuditTrail
  readonly auditFile: string
  readonly log: FastifyBaseLogger
}

/**
 * Evidence mode's hashes: of every served file from the start on, and of what is opened below a served folder. One file after the
 * other, beside the serving; what was done before a restart is not done again.
 */
export class BackgroundHashing {
  readonly #options: BackgroundHashingOptions
  readonly #stop: AbortController = new AbortController()
  readonly #stopListening: () => void
  readonly #doneEtags: Set<string> = new Set()
  readonly #waiting: Set<string> = new Set()
  #working: Promise<void> = Promise.resolve()

  constructor(options: BackgroundHashingOptions) {
    this.#options = options
    for (const root of options.roots) if (root.kind === 'file') this.#add(root.name)
    this.#stopListening = options.events.listen((event) => {
      if (event.kind === 'opened' || event.kind === 'served') this.#add(event.path)
    })
  }

  /** Ends at the next chunk; the rest is done at the next start. */
  async close(): Promise<void> {
    this.#stopListening()
    this.#stop.abort()
    await this.#working
  }

  #add(path: string): void {
    if (this.#waiting.has(path)) return
    this.#waiting.add(path)
    this.#working = this.#working.then(async () => {
      try {
        if (!this.#stop.signal.aborted) await this.#hash(path)
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#options.log.error({ err: error, path }, 'the chunks could not be hashed')
      } finally {
        this.#waiting.delete(path)
      }
    })
  }

  async #hash(path: string): Promise<void> {
    const file = openFile(resolvePlace(this.#options.roots, parseWirePath(path)), false)
    try {
      const etag = makeEtag(file.status, 0)
      if (this.#doneEtags.has(etag)) return
      await this.#hashOpened(file, path, etag)
      this.#doneEtags.add(etag)
    } finally {
      closeSync(file.fd)
    }
  }

  async #hashOpened({ fd, status }: OpenedFile, path: string, etag: string): Promise<void> {
    const { auditFile, trail } = this.#options
    const { byteLength } = status
    const source = MappedSource.open(fd)
    try {
      const manifest = Manifest.open(manifestPath(auditFile, etag), { path, etag, byteLength })
      const isCurrent = (): boolean => isSameStatus(fileStatus(fd), status)
      await computeChunkHashes(source, { manifest, signal: this.#stop.signal, isCurrent })
      const { digests } = manifest
      const root = merkleRoot(digests).toString('hex')
      const server = {
        path,
        etag,
        byteLength,
        chunkByteLength: EVIDENCE_CHUNK_BYTE_LENGTH,
        chunkCount: digests.length,
        root,
      }
      trail.append({ kind: 'hashed', who: 'server', server })
      await trail.written()
    } finally {
      await source.close()
    }
  }
}
