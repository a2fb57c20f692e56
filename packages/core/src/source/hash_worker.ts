import { parentPort } from 'node:worker_threads'
import { binding, type NativeError, type NativeMapping } from '@mapscope/native'
import { ChunkHasher } from '../scan/hash_pieces.ts'
import type { ByteRange } from '../shared/index.ts'
import type { HashAnswer, HashTask } from './hash_messages.ts'

/**
 * Bytes copied at once. While this thread hashes one window, the pool copies the next out of the mapping: copied here, between the hashing,
 * SHA-256 had 0.92 of its speed. Large beside the 50 µs that handing a window over takes, small beside a third-level cache.
 */
const WINDOW_BYTE_LENGTH: number = 2 * 1024 ** 2

/** A message for each window would cost more than it tells. Pages are kept no longer, either. */
const REPORT_BYTE_LENGTH: number = 32 * 1024 ** 2

// For the life of the thread: new ones for each task would have to be cleared first.
const windows: readonly Uint8Array[] = [new Uint8Array(WINDOW_BYTE_LENGTH), new Uint8Array(WINDOW_BYTE_LENGTH)]

// One task comes at a time: the next is sent when this one has been answered.
parentPort?.on('message', (task: HashTask) => {
  void run(task).then((answer) => parentPort?.postMessage(answer))
})

async function run(task: HashTask): Promise<HashAnswer> {
  try {
    const mapping = binding.openShared(task.mapping)
    try {
      return await hashMapping(mapping, task)
    } finally {
      mapping.close()
    }
  } catch (error) {
    // A clone of an error keeps its message and nothing of its own.
    return { kind: 'failed', message: (error as Error).message, fields: { ...(error as Error) } }
  }
}

async function hashMapping(mapping: NativeMapping, { plan, cancelled }: HashTask): Promise<HashAnswer> {
  const { range } = plan
  const hasher = await ChunkHasher.of(plan)
  let reported = range.start
  let next = beginCopy(mapping, range.start, plan.range)
  for (let index = 1; next !== undefined; index++) {
    const { bytes, end } = await whole(mapping, next)
    if (Atomics.load(cancelled, 0) !== 0) return { kind: 'cancelled' }
    next = beginCopy(mapping, end, range, index)
    hasher.take(bytes)
    if (end - reported < REPORT_BYTE_LENGTH && next !== undefined) continue
    parentPort?.postMessage({ kind: 'scanned', byteLength: end - reported } satisfies HashAnswer)
    mapping.releasePages(reported, end - reported)
    reported = end
  }
  return { kind: 'done', digests: hasher.finish() }
}

interface Copy extends ByteRange {
  readonly bytes: Uint8Array
  readonly unreadable: Promise<readonly number[]>
}

function beginCopy(mapping: NativeMapping, start: number, range: ByteRange, index = 0): Copy | undefined {
  if (start >= range.end) return undefined
  const end = Math.min(range.end, start + WINDOW_BYTE_LENGTH)
  const bytes = (windows[index % 2] as Uint8Array).subarray(0, end - start)
  const unreadable = mapping.readIntoAsync(start, bytes).result
  unreadable.catch(() => undefined) // told when its turn comes, or not at all when the task ends before
  return { start, end, bytes, unreadable }
}

/** @throws FAULT for the first byte that is not the file's, which includes the zeros that a file cut short shows in its last page. */
async function whole(mapping: NativeMapping, copy: Copy): Promise<Copy> {
  const [first] = await copy.unreadable
  const { byteLength } = mapping.status()
  const offset = first ?? byteLength
  if (offset >= copy.end) return copy
  const fields = { code: 'FAULT', offset: Math.max(copy.start, offset), fileByteLength: byteLength } as const
  throw Object.assign(new Error('bytes to hash cannot be read'), fields) satisfies NativeError
}
