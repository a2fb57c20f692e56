import { closeSync } from 'node:fs'
import { ProblemError } from '../errors.ts'
import { resolvePlace } from '../roots/open.ts'
import type { Root } from '../roots/root.ts'
import { formatWirePath, type WirePath } from '../roots/wire_path.ts'
import { Document } from './document.ts'
import { mapFile, openFile } from './open.ts'

export interface DocumentStoreOptions {
  readonly roots: readonly Root[]
  readonly isWritable: boolean
  /** How long a document stays open with nobody holding it. */
  readonly idleTimeoutMs?: number
}

const IDLE_TIMEOUT_MS = 5 * 60_000
const SWEEP_INTERVAL_MS = 15_000
/** Documents nobody holds, beyond which the longest unused are closed. */
const MAX_IDLE_COUNT = 64
/** Documents at all: each is a mapping and a descriptor, and both run out for the whole process. */
const MAX_DOCUMENT_COUNT = 1_024

/** The open documents. Owns them: `close` closes them all. */
export class DocumentStore {
  readonly #roots: readonly Root[]
  readonly #isWritable: boolean
  readonly #idleTimeoutMs: number
  readonly #documents: Map<string, Document> = new Map()
  readonly #sweeping: NodeJS.Timeout
  readonly #closing: Set<Promise<void>> = new Set()

  constructor({ roots, isWritable, idleTimeoutMs = IDLE_TIMEOUT_MS }: DocumentStoreOptions) {
    this.#roots = roots
    this.#isWritable = isWritable
    this.#idleTimeoutMs = idleTimeoutMs
    this.#sweeping = setInterval(() => this.#sweep(), Math.min(SWEEP_INTERVAL_MS, idleTimeoutMs)).unref()
  }

  /** The document of the file at that path: the one already open, as long as the path still names the same file, or a new one. */
  open(path: WirePath): { document: Document; isNew: boolean } {
    const place = resolvePlace(this.#roots, path)
    const wirePath = formatWirePath(path)
    const file = openFile(place, this.#isWritable)
    const present = this.list().find((document) => document.path === wirePath && document.isOf(file.status))
    if (present !== undefined) {
      closeSync(file.fd)
      present.hold()()
      return { document: present, isNew: false }
    }
    if (this.#documents.size >= MAX_DOCUMENT_COUNT) {
      closeSync(file.fd)
      throw new ProblemError('ERR_TOO_MANY', `${MAX_DOCUMENT_COUNT} documents are open; close some first`)
    }
    const name = path.components.at(-1) ?? path.rootName
    const document = new Document({ place, path: wirePath, name, isWritable: this.#isWritable, ...mapFile(file) })
    this.#documents.set(document.id, document)
    this.#sweep()
    return { document, isNew: true }
  }

  /** @throws ProblemError `ERR_NOT_FOUND` for an id that is not open (any more). */
  get(id: string): Document {
    const document = this.#documents.get(id)
    if (document === undefined) throw new ProblemError('ERR_NOT_FOUND', 'no document of that id is open; open it again')
    return document
  }

  list(): Document[] {
    return [...this.#documents.values()]
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping)
    for (const document of this.list()) this.#drop(document)
    await Promise.all(this.#closing)
  }

  /** Closes what has been idle for too long, and the longest unused of too many idle ones. */
  #sweep(): void {
    const idle = this.list()
      .filter((document) => !document.isHeld)
      .sort((a, b) => b.lastUsedMs - a.lastUsedMs)
    const oldestMs = Date.now() - this.#idleTimeoutMs
    for (const [index, document] of idle.entries()) {
      if (index >= MAX_IDLE_COUNT || document.lastUsedMs < oldestMs) this.#drop(document)
    }
  }

  #drop(document: Document): void {
    this.#documents.delete(document.id)
    // A mapping's close cannot fail; if it ever does, the document is gone all the same.
    const closed = document.close().catch(() => undefined)
    this.#closing.add(closed)
    closed.finally(() => this.#closing.delete(closed)).catch(() => undefined)
  }
}
