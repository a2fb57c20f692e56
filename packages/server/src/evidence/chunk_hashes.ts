import { createHash } from 'node:crypto'
import { type ByteRange, type ByteSource, hashChunks } from '@mapscope/core'
import { chunkCountOf, EVIDENCE_CHUNK_BYTE_LENGTH, type Manifest } from './manifest.ts'

export interface ChunkHashProgress {
  readonly scanned: number
  readonly total: number
}

export interface ComputeOptions {
  /** Its chunks that are there already are not hashed again. */
  readonly manifest: Manifest
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: ChunkHashProgress) => void) | undefined
  /** Asked before hashes are kept: false as soon as what was read may be another state than the manifest's. */
  readonly isCurrent?: (() => boolean) | undefined
}

/** The file was changed while it was hashed: its hashes would be of no state that ever was. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged'
}

/** Chunks kept at once: one sync for each 64 MiB. */
const BATCH_COUNT = 4

/**
 * Hashes every chunk of a source into the manifest, from where that ends; off the main thread, abortable at any chunk and gone on
 * with later. Holes are zeros that nobody has to read: 15 TiB of nothing take as long as writing their lines.
 *
 * @throws SourceChanged; `ERR_FAULT` for bytes that cannot be read; the signal's reason.
 */
export async function computeChunkHashes(source: ByteSource, options: ComputeOptions): Promise<void> {
  const { manifest, signal, onProgress, isCurrent = () => true } = options
  const total = source.byteLength
  let batch: string[] = []
  const keep = (): void => {
    signal?.throwIfAborted()
    if (!isCurrent()) throw new SourceChanged('the file was changed while it was hashed')
    if (batch.length > 0) manifest.append(batch)
    batch = []
    onProgress?.({ scanned: Math.min(total, manifest.digests.length * EVIDENCE_CHUNK_BYTE_LENGTH), total })
  }
  const start = Math.min(total, manifest.digests.length * EVIDENCE_CHUNK_BYTE_LENGTH)
  for await (const { digest, isHole } of digestsOf(source, { start, end: total }, signal)) {
    batch.push(digest)
    if (batch.length >= (isHole ? 8_192 : BATCH_COUNT)) keep()
  }
  keep()
  if (manifest.digests.length !== chunkCountOf(total)) throw new SourceChanged('the file has another length now')
}

async function* digestsOf(
  source: ByteSource,
  range: ByteRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ digest: string; isHole: boolean }> {
  for await (const run of runsOf(source, range)) {
    signal?.throwIfAborted()
    if (run.isHole) {
      const count = chunkCountOf(run.end - run.start)
      for (let i = 0; i < count; i++) yield { digest: zeroDigest(), isHole: true }
      continue
    }
    const options = { algorithms: ['sha256'], chunkByteLength: EVIDENCE_CHUNK_BYTE_LENGTH, signal } as const
    for await (const { digests } of hashChunks(source, { ...options, range: { start: run.start, end: run.end } }))
      yield { digest: digests.sha256, isHole: false }
  }
}

interface Run extends ByteRange {
  readonly isHole: boolean
}

/** The range in runs of whole chunks: those wholly in a hole, and the others. Data is read piece by piece, not a hole's edge. */
async function* runsOf(source: ByteSource, range: ByteRange): AsyncGenerator<Run> {
  let start = range.start
  if (source.extents !== undefined && start < range.end) {
    for await (const extent of source.extents(range)) {
      if (extent.kind !== 'hole') continue
      const holeStart = Math.max(
        start,
        Math.ceil(extent.start / EVIDENCE_CHUNK_BYTE_LENGTH) * EVIDENCE_CHUNK_BYTE_LENGTH,
      )
      const holeEnd = Math.floor(extent.end / EVIDENCE_CHUNK_BYTE_LENGTH) * EVIDENCE_CHUNK_BYTE_LENGTH
      if (holeEnd <= holeStart) continue
      if (holeStart > start) yield { start, end: holeStart, isHole: false }
      yield { start: holeStart, end: holeEnd, isHole: true }
      start = holeEnd
    }
  }
  if (start < range.end) yield { start, end: range.end, isHole: false }
}

let zeros: string | undefined

function zeroDigest(): string {
  zeros ??= createHash('sha256').update(Buffer.alloc(EVIDENCE_CHUNK_BYTE_LENGTH)).digest('hex')
  return zeros
}
