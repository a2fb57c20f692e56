import { type ByteRange, diffAligned, differences, type Page } from '@mapscope/core'
import type { JobRow } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'
import { jsonCodec } from '../results/row_codec.ts'
import type { JobKind, RequestOf, ShardOutcome, ShardTask } from './kind.ts'

type Task = ShardTask<RequestOf<'diff'>>

/** Four offsets of up to 16 digits and a word. */
const ROW_BYTE_LENGTH = 192

export const diffKind: JobKind<RequestOf<'diff'>> = {
  check: ({ isAligned, range }) => {
    if (isAligned === true && range !== undefined)
      throw new ProblemError('ERR_REQUEST', 'leave out range: an aligned comparison is of the whole of both')
  },
  rows: () => jsonCodec(ROW_BYTE_LENGTH),
  cutting: ({ isAligned }) => (isAligned === true ? 'whole' : { unit: 1 }),
  run: (task) => (task.request.isAligned === true ? runAligned(task) : runSameOffsets(task)),
}

function otherOf({ other }: Task): NonNullable<Task['other']> {
  if (other === undefined) throw new ProblemError('ERR_NOT_FOUND', 'the other document is not open any more')
  return other
}

/** A difference that touches the end of its shard is held back: the next shard may go on with it. */
async function runSameOffsets(task: Task): Promise<ShardOutcome> {
  const { source, range, shard, carry, signal } = task
  const other = otherOf(task)
  const shared = Math.min(source.byteLength, other.byteLength)
  const onProgress = ({ scanned }: { scanned: number }): void => task.onScanned(scanned)
  const looked = { start: Math.min(shard.start, shared), end: Math.min(shard.end, shared) }
  let held: ByteRange | undefined
  if (carry['start'] !== undefined) held = { start: carry['start'], end: shard.start }
  const pages = looked.start < looked.end ? differences(source, other, { range: looked, signal, onProgress }) : NOTHING
  for await (const { items, unreadable } of pages) {
    task.onUnreadable(unreadable)
    await task.breathe()
    for (const { start, end } of items) {
      if (held !== undefined && held.end !== start) tell(task, held)
      held = { start: held?.end === start ? held.start : start, end }
    }
  }
  const mayGoOn = held !== undefined && held.end === shard.end && shard.end < Math.min(range.end, shared)
  if (held !== undefined && !mayGoOn) tell(task, held)
  if (shard.end === range.end) tellTail(task, shared, Math.max(source.byteLength, other.byteLength))
  return { carry: held !== undefined && mayGoOn ? { start: held.start } : {} }
}

const NOTHING: readonly Page<ByteRange>[] = []

function tell(task: Task, { start, end }: ByteRange): void {
  task.add({ offset: start, byteLength: end - start, difference: 'changed' })
}

/** What only one of them has, when all was asked for. */
function tellTail({ request, source, range, add }: Task, shared: number, longest: number): void {
  const end = request.range === undefined ? longest : range.end
  const start = Math.max(shared, range.start)
  if (start >= end) return
  const difference = source.byteLength > shared ? 'only-here' : 'only-there'
  add({ offset: start, byteLength: end - start, difference })
}

async function runAligned(task: Task): Promise<ShardOutcome> {
  const { source, signal, range } = task
  const onProgress = ({ scanned, total }: { scanned: number; total: number }): void =>
    task.onScanned(Math.floor((scanned / Math.max(1, total)) * (range.end - range.start)))
  for await (const { kind, a, b } of diffAligned(source, otherOf(task), { signal, onProgress })) {
    if (kind === 'equal') continue
    const row: JobRow = {
      offset: a.start,
      byteLength: a.end - a.start,
      otherOffset: b.start,
      otherByteLength: b.end - b.start,
      difference: kind,
    }
    task.add(row)
  }
  return {}
}
