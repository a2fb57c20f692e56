import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { type ByteRange, hashChunks, type MappedSource, openFile } from '@mapscope/core'
import { readTail } from '../audit/tail.ts'
import { isSameStatus } from '../documents/disk.ts'
import { makeEtag } from '../http/content.ts'
import { VERSION } from '../version.ts'
import { type ChunkHashProgress, computeChunkHashes } from './chunk_hashes.ts'
import { EVIDENCE_CHUNK_BYTE_LENGTH, Manifest, manifestPath } from './manifest.ts'
import { chunksOf, makeStatement, type Proof, signStatement } from './proof.ts'
import { signingKey } from './signing_key.ts'

export interface ExportOptions {
  readonly file: string
  readonly auditFile: string
  readonly keyFile: string
  /** Where the bytes go; must not be there yet. */
  readonly output: string
  readonly rangeOf: (source: MappedSource) => ByteRange
  /** Widens the range to whole chunks, so that the tree alone proves every byte. */
  readonly isWholeChunks: boolean
  readonly signal: AbortSignal
  readonly onProgress?: ((progress: ChunkHashProgress) => void) | undefined
}

/** The file is not what its hashes were taken of. */
export class EvidenceChanged extends Error {
  override readonly name = 'EvidenceChanged'
}

const WINDOW_BYTE_LENGTH = 4 * 1024 ** 2

/**
 * Writes a range's bytes to a file of their own and signs a proof of them. The chunks around the range are hashed once more and
 * compared first: what is signed was true at that moment, not at some earlier one.
 */
export async function exportRange(options: ExportOptions): Promise<Proof> {
  const { file, auditFile, keyFile, output, isWholeChunks, signal, onProgress } = options
  const source = openFile(file)
  try {
    const status = source.status()
    const etag = makeEtag(status, 0)
    const subject = { path: basename(file), etag, byteLength: source.byteLength }
    const isCurrent = (): boolean => isSameStatus(source.status(), status)
    const manifest = Manifest.open(manifestPath(auditFile, etag), subject)
    if (!manifest.isComplete) await computeChunkHashes(source, { manifest, signal, onProgress, isCurrent })
    const asked = options.rangeOf(source)
    const range = isWholeChunks ? widened(asked, source.byteLength) : asked
    await assertChunks(source, { manifest, range, signal })
    const auditHead = headOf(auditFile)
    const key = signingKey(keyFile)
    const sha256 = await writeRange(source, { range, output, signal })
    if (!isCurrent()) {
      rmSync(output, { force: true })
      throw new EvidenceChanged(`${file} was changed while it was exported`)
    }
    return signStatement(makeStatement({ manifest, range, sha256, auditHead, version: VERSION }), key)
  } finally {
    await source.close()
  }
}

function widened({ start, end }: ByteRange, byteLength: number): ByteRange {
  const size = EVIDENCE_CHUNK_BYTE_LENGTH
  return { start: Math.floor(start / size) * size, end: Math.min(byteLength, Math.ceil(end / size) * size) }
}

interface Part {
  readonly manifest: Manifest
  readonly range: ByteRange
  readonly signal: AbortSignal
}

async function assertChunks(source: MappedSource, { manifest, range, signal }: Part): Promise<void> {
  const indexes = chunksOf(range)
  const [first] = indexes
  if (first === undefined) return
  const covered = widened(range, source.byteLength)
  const options = {
    algorithms: ['sha256'],
    chunkByteLength: EVIDENCE_CHUNK_BYTE_LENGTH,
    range: covered,
    signal,
  } as const
  let index = first
  for await (const { digests } of hashChunks(source, options)) {
    const expected = manifest.digests[index]?.toString('hex')
    if (digests.sha256 !== expected)
      throw new EvidenceChanged(`chunk ${index} has other bytes than when its hash was taken; nothing was exported`)
    index++
  }
}

async function writeRange(
  source: MappedSource,
  { range, output, signal }: { range: ByteRange; output: string; signal: AbortSignal },
): Promise<string> {
  const hash = createHash('sha256')
  const fd = openSync(output, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    for (let start = range.start; start < range.end; start += WINDOW_BYTE_LENGTH) {
      const length = Math.min(WINDOW_BYTE_LENGTH, range.end - start)
      const { bytes, unreadable } = await source.read(start, length, { signal })
      if (unreadable.length > 0) throw new EvidenceChanged(`bytes from ${unreadable[0]?.start} on cannot be read`)
      hash.update(bytes)
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    }
  } catch (error) {
    // Half of the bytes would pass for all of them.
    rmSync(output, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

function headOf(auditFile: string): { sequence: number; hash: string } {
  const fd = openSync(auditFile, 'r')
  try {
    return readTail(fd).head
  } finally {
    closeSync(fd)
  }
}
