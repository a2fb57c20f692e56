import type { ByteSource } from '@mapscope/core'
import type { DocumentInfo } from '@mapscope/protocol'
import type { Document } from '../documents/document.ts'
import type { DocumentStore } from '../documents/store.ts'
import { makeEtag } from '../http/content.ts'
import { parseWirePath } from '../roots/wire_path.ts'
import type { JobOrder } from './backend.ts'

/** What a shard reads: the document in one state, and the one it is compared with. */
export interface JobView {
  readonly document: Document
  readonly source: ByteSource
  readonly other: ByteSource | undefined
  readonly revision: number
  /** Of the document, at that revision. */
  readonly storedByteLength: number
  readonly disk: DocumentInfo['disk']
  /** The state of both, as the order names it. */
  readonly generation: string
  isCurrent(): boolean
}

/** The documents of jobs: held open from the order to the end, and found again by path after a restart. */
export class JobDocuments {
  readonly #documents: DocumentStore
  readonly #held: Map<string, { readonly documents: readonly Document[]; release(): void }> = new Map()

  constructor(documents: DocumentStore) {
    this.#documents = documents
  }

  hold(jobId: string, documents: readonly Document[]): void {
    const releases = documents.map((document) => document.hold())
    const release = (): void => {
      for (const each of releases) each()
    }
    this.#held.set(jobId, { documents, release })
  }

  release(jobId: string): void {
    this.#held.get(jobId)?.release()
    this.#held.delete(jobId)
  }

  /** The id by which a client reads the bytes: another one after a restart. */
  idOf({ id, path }: JobOrder): string | undefined {
    const held = this.#held.get(id)?.documents[0]
    return (held ?? this.#documents.list().find((document) => document.path === path))?.id
  }

  /** @throws what opening throws, when the file is gone. */
  async view(order: JobOrder): Promise<JobView> {
    const [document, other] = this.#take(order)
    const snapshot = await document.snapshot()
    const { storedByteLength } = document
    const { disk } = document.info()
    const otherSnapshot = await other?.snapshot()
    return {
      document,
      source: snapshot.source,
      other: otherSnapshot?.source,
      revision: snapshot.revision,
      storedByteLength,
      disk,
      generation: generationOf([snapshot, ...(otherSnapshot === undefined ? [] : [otherSnapshot])]),
      isCurrent: () => snapshot.isCurrent() && otherSnapshot?.isCurrent() !== false,
    }
  }

  #take({ id, path, otherPath }: JobOrder): readonly [Document, Document | undefined] {
    const held = this.#held.get(id)?.documents
    if (held?.[0] !== undefined) return [held[0], held[1]]
    const opened = [path, ...(otherPath === undefined ? [] : [otherPath])].map(
      (name) => this.#documents.open(parseWirePath(name)).document,
    )
    this.hold(id, opened)
    return [opened[0] as Document, opened[1]]
  }
}

type Stated = Pick<Awaited<ReturnType<Document['snapshot']>>, 'status'>

/** Of the files alone: revisions begin anew with every server. */
export function generationOf(states: readonly Stated[]): string {
  return states.map(({ status }) => makeEtag(status, 0).replaceAll('"', '')).join('+')
}
