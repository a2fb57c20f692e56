import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { ByteRange } from '@mapscope/core'
import type { AuditHead } from '../audit/line.ts'
import { EVIDENCE_CHUNK_BYTE_LENGTH, type Manifest, type ManifestSubject } from './manifest.ts'
import { isInTree, merklePath, merkleRoot } from './merkle.ts'
import { createPublicKeyOf, keyFingerprint } from './signing_key.ts'

export interface ProvenChunk {
  readonly index: number
  readonly sha256: string
  /** From the chunk's hash to the root. */
  readonly path: readonly string[]
}

/** What is signed: that these bytes are that range of that state of that file. */
export interface Statement {
  readonly format: 'mapscope proof 1'
  readonly file: ManifestSubject
  readonly chunkByteLength: number
  readonly chunkCount: number
  /** Of the Merkle tree over all chunk hashes. */
  readonly root: string
  readonly range: ByteRange
  /** Of the range's bytes. */
  readonly sha256: string
  readonly chunks: readonly ProvenChunk[]
  /** Where the audit trail ended at that moment. */
  readonly auditHead: AuditHead
  readonly exportedAt: string
  readonly version: string
}

export interface Proof {
  /** The statement's text as it was signed: to be read from this, not from a copy. */
  readonly statement: string
  /** SPKI, PEM. */
  readonly publicKey: string
  /** Ed25519 over the statement's UTF-8, base64. */
  readonly signature: string
}

export interface StatementFacts {
  readonly manifest: Manifest
  readonly range: ByteRange
  readonly sha256: string
  readonly auditHead: AuditHead
  readonly version: string
}

/** Chunks that the range lies in. An empty range lies in none. */
export function chunksOf({ start, end }: ByteRange): readonly number[] {
  if (start === end) return []
  const first = Math.floor(start / EVIDENCE_CHUNK_BYTE_LENGTH)
  const last = Math.floor((end - 1) / EVIDENCE_CHUNK_BYTE_LENGTH)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

export function makeStatement({ manifest, range, sha256, auditHead, version }: StatementFacts): Statement {
  const { digests, subject } = manifest
  const chunks = chunksOf(range).map((index) => ({
    index,
    sha256: digests[index]?.toString('hex') ?? '',
    path: merklePath(digests, index).map((hash) => hash.toString('hex')),
  }))
  return {
    format: 'mapscope proof 1',
    file: subject,
    chunkByteLength: EVIDENCE_CHUNK_BYTE_LENGTH,
    chunkCount: digests.length,
    root: merkleRoot(digests).toString('hex'),
    range,
    sha256,
    chunks,
    auditHead,
    exportedAt: new Date().toISOString(),
    version,
  }
}

export function signStatement(statement: Statement, key: KeyObject): Proof {
  const text = JSON.stringify(statement)
  return {
    statement: text,
    publicKey: createPublicKeyOf(key).export({ type: 'spki', format: 'pem' }).toString(),
    signature: sign(null, Buffer.from(text), key).toString('base64'),
  }
}

export interface CheckedProof {
  readonly statement: Statement
  readonly keyFingerprint: string
  /** What is wrong; empty when nothing is. */
  readonly problems: readonly string[]
  /** Bytes that the tree proves by itself; the others lie in chunks not wholly given, and are the signer's word. */
  readonly treeProvenByteLength: number
}

/** What a proof says, checked against the bytes. @throws Error for what is no proof. */
export async function checkProof(proof: Proof, bytes: AsyncIterable<Uint8Array>): Promise<CheckedProof> {
  const key = createPublicKey(proof.publicKey)
  const isSigned = verify(null, Buffer.from(proof.statement), key, Buffer.from(proof.signature, 'base64'))
  const statement = JSON.parse(proof.statement) as Statement
  if (statement.format !== 'mapscope proof 1') throw new Error('it is no proof of this format')
  const problems = isSigned ? [] : ['the signature does not fit the statement']
  const { whole, digests } = await hashBytes(statement, bytes)
  if (whole !== statement.sha256) problems.push('the bytes are not those that were signed')
  problems.push(...chunkProblems(statement, digests))
  const treeProvenByteLength = [...digests.keys()].reduce((sum, index) => sum + chunkByteLengthOf(statement, index), 0)
  return { statement, keyFingerprint: keyFingerprint(key), problems, treeProvenByteLength }
}

function chunkProblems({ chunks, chunkCount, range, root }: Statement, digests: ReadonlyMap<number, string>): string[] {
  const problems: string[] = []
  if (chunks.map(({ index }) => index).join() !== chunksOf(range).join())
    problems.push('it does not name the chunks of its range')
  for (const { index, sha256, path } of chunks) {
    const leaf = {
      digest: Buffer.from(sha256, 'hex'),
      index,
      count: chunkCount,
      path: path.map((hash) => Buffer.from(hash, 'hex')),
    }
    if (!isInTree(Buffer.from(root, 'hex'), leaf)) problems.push(`chunk ${index} is not under the root`)
    const found = digests.get(index)
    if (found !== undefined && found !== sha256) problems.push(`chunk ${index} has other bytes than the tree says`)
  }
  return problems
}

/** The hash of all bytes, and those of the chunks that lie wholly in the range. */
async function hashBytes(
  statement: Statement,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ whole: string; digests: Map<number, string> }> {
  const whole = createHash('sha256')
  const digests = new Map<number, string>()
  const { start, end } = statement.range
  let position = start
  let chunk = createHash('sha256')
  for await (const part of bytes) {
    whole.update(part)
    for (let at = 0; at < part.length; ) {
      const index = Math.floor(position / EVIDENCE_CHUNK_BYTE_LENGTH)
      const chunkStart = index * EVIDENCE_CHUNK_BYTE_LENGTH
      const chunkEnd = chunkStart + chunkByteLengthOf(statement, index)
      // Beyond the file: more bytes than there may be, which the whole hash tells.
      if (chunkEnd <= position) break
      const length = Math.min(part.length - at, chunkEnd - position)
      chunk.update(part.subarray(at, at + length))
      position += length
      at += length
      if (position < chunkEnd) continue
      if (chunkStart >= start && chunkEnd <= end) digests.set(index, chunk.digest('hex'))
      chunk = createHash('sha256')
    }
  }
  return { whole: whole.digest('hex'), digests }
}

function chunkByteLengthOf({ file }: Statement, index: number): number {
  const start = index * EVIDENCE_CHUNK_BYTE_LENGTH
  return Math.max(0, Math.min(file.byteLength, start + EVIDENCE_CHUNK_BYTE_LENGTH) - start)
}
