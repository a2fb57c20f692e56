import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NativeMapping } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import type { ByteRange, Extent } from '../shared/index.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** Extents between two turns of the event loop: each is two system calls of about a microsecond. */
const EXTENTS_PER_TURN = 1024

/**
 * Data and holes of a file that is mapped from its start, in order and without gaps. What the file has lost since it was mapped
 * is told as data, so that whoever reads it finds it unreadable; a hole would pass for zeros.
 */
export async function* fileExtents(native: NativeMapping, range: ByteRange): AsyncGenerator<Extent> {
  let at = range.start
  for (let count = 1; at < range.end; count++) {
    const extent = translated(() => pastViewFaults(() => extentAt(native, at)))
    const end = Math.min(extent.end, range.end)
    yield { kind: extent.kind, start: at, end }
    at = end
    if (count % EXTENTS_PER_TURN === 0) await nextTurn()
  }
}

/** The extent that begins at `at`, as far as the system tells. */
function extentAt(native: NativeMapping, at: number): Extent {
  const data = native.seekData(at)
  // Asked after the seek: a file that was cut short in between must not have its lost bytes told as a hole.
  const present = native.status().byteLength
  if (at >= present) return { kind: 'data', start: at, end: Number.POSITIVE_INFINITY }
  if (data < 0) return { kind: 'hole', start: at, end: present }
  if (data > at) return { kind: 'hole', start: at, end: Math.min(data, present) }
  const hole = native.seekHole(at)
  return { kind: 'data', start: at, end: hole > at ? hole : present }
}
