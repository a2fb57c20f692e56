import { parentPort } from 'node:worker_threads'
import { binding, type NativeMapping } from '@mapscope/native'
import { ChunkHasher, WINDOW_BYTE_LENGTH, windowsOf } from '../scan/hash_pieces.ts'
import type { HashAnswer, HashTask } from './hash_messages.ts'

/** A message for each window would cost more than it tells. */
const REPORT_BYTE_LENGTH: number = 32 * 1024 ** 2

/** How far ahead of the hashing the disk is asked for bytes, and how many are kept in the page tables behind it. */
const AHEAD_BYTE_LENGTH: number = 16 * 1024 ** 2

// One window's worth for the life of the thread: it stays in the cache, which a mapping's pages do not.
const window = new Uint8Array(WINDOW_BYTE_LENGTH)

parentPort?.on('message', (task: HashTask) => {
  const answer = run(task)
  parentPort?.postMessage(answer)
})

function run(task: HashTask): HashAnswer {
  try {
    const mapping = binding.openShared(task.mapping)
    try {
      return hashMapping(mapping, task)
    } finally {
      mapping.close()
    }
  } catch (error) {
    // A clone of an error keeps its message and nothing of its own.
    return { kind: 'failed', message: (error as Error).message, fields: { ...(error as Error) } }
  }
}

function hashMapping(mapping: NativeMapping, { plan, cancelled }: HashTask): HashAnswer {
  const hasher = new ChunkHasher(plan.algorithms)
  let reported = plan.range.start
  let ahead = plan.range.start
  for (const { start, end, isLast } of windowsOf(plan)) {
    if (Atomics.load(cancelled, 0) !== 0) return { kind: 'cancelled' }
    if (start >= ahead) ahead = prefetch(mapping, start, plan.range.end)
    const bytes = window.subarray(0, end - start)
    // Guarded, and refuses the zeros that a file cut short shows in its last page.
    mapping.copyOut(start, bytes)
    hasher.take(bytes, isLast)
    if (end - reported >= REPORT_BYTE_LENGTH || end === plan.range.end) {
      parentPort?.postMessage({ kind: 'scanned', byteLength: end - reported } satisfies HashAnswer)
      mapping.releasePages(reported, end - reported)
      reported = end
    }
  }
  return { kind: 'done', digests: hasher.digests }
}

/** Asks for the next bytes without waiting for them; where that was answered before, none is asked. */
function prefetch(mapping: NativeMapping, start: number, end: number): number {
  const next = start + AHEAD_BYTE_LENGTH
  const willNeed = binding.constants['MADV_WILLNEED']
  if (willNeed === undefined) return Number.POSITIVE_INFINITY
  const from = start - (start % binding.pageSize)
  mapping.advise(willNeed, from, Math.min(end, next + AHEAD_BYTE_LENGTH) - from)
  return next
}
