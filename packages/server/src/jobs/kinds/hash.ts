import { type HashAlgorithm, hash, hashChunks } from '@mapscope/core'
import { jsonCodec } from '../results/row_codec.ts'
import type { JobKind, RequestOf, ShardOutcome, ShardTask } from './kind.ts'

export const DEFAULT_ALGORITHMS: readonly HashAlgorithm[] = ['sha256']
/** Name, quotes and the longest digest, which is SHA-512's in hexadecimal. */
const DIGEST_ROW_BYTE_LENGTH = 144
/** Two offsets and the braces around. */
const ROW_BYTE_LENGTH = 96

export const hashKind: JobKind<RequestOf<'hash'>> = {
  rows: ({ algorithms = DEFAULT_ALGORITHMS }) =>
    jsonCodec(ROW_BYTE_LENGTH + algorithms.length * DIGEST_ROW_BYTE_LENGTH),
  // A digest of everything is one long calculation, of which no state can be kept.
  cutting: ({ chunkByteLength }) => (chunkByteLength === undefined ? 'whole' : { unit: chunkByteLength }),
  run: (task) => (task.request.chunkByteLength === undefined ? runWhole(task) : runChunks(task)),
}

async function runWhole(task: ShardTask<RequestOf<'hash'>>): Promise<ShardOutcome> {
  const { request, source, range, signal, onScanned } = task
  const { algorithms = DEFAULT_ALGORITHMS } = request
  const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
  const digests = await hash(source, { algorithms, range, signal, onProgress })
  return { summary: { kind: 'hash', digests } }
}

async function runChunks(task: ShardTask<RequestOf<'hash'>>): Promise<ShardOutcome> {
  const { request, source, shard, signal, add, onScanned } = task
  const { algorithms = DEFAULT_ALGORITHMS, chunkByteLength = 1 } = request
  const onProgress = ({ scanned }: { scanned: number }): void => onScanned(scanned)
  const chunks = hashChunks(source, { algorithms, chunkByteLength, range: shard, signal, onProgress })
  for await (const { range, digests } of chunks)
    add({ offset: range.start, byteLength: range.end - range.start, digests })
  return {}
}
