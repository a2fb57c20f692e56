import { binding, type NativeError, type NativeMapping } from '@mapscope/native'
import { pastViewFaults } from './past_view_faults.ts'

/** `touched`: by way of the mapping's pages, which count as memory of this process from now on. */
export type ResidentCopy = 'copied' | 'touched' | 'absent'

/**
 * Copies a range out on this thread if all of it is in memory: by a read that does not wait, where the system has one. Only where
 * `tellsResidency`.
 */
export function copyResident(native: NativeMapping, offset: number, target: Uint8Array): ResidentCopy {
  if (target.length === 0) return 'copied'
  return pastViewFaults(() => {
    const isRead = native.readCached(offset, target)
    if (isRead !== undefined) return isRead ? 'copied' : 'absent'
    return copyPages(native, offset, target) ? 'touched' : 'absent'
  })
}

/** A page may leave between the question and the copy; then this thread waits for the disk once, as with any memory. */
function copyPages(native: NativeMapping, offset: number, target: Uint8Array): boolean {
  if (!isResident(native, offset, target.length)) return false
  try {
    native.copyOut(offset, target)
    return true
  } catch (error) {
    const { code, isInView } = error as Partial<NativeError>
    if (code === 'FAULT' && isInView !== true) return false
    throw error
  }
}

/** Whether every page of a range is in memory, by the mapping's own bitmap. */
export function isResident(native: NativeMapping, offset: number, length: number): boolean {
  if (length === 0) return true
  const { pageSize } = binding
  const pageCount = Math.floor((offset + length - 1) / pageSize) - Math.floor(offset / pageSize) + 1
  const bitmap = native.residency(offset, length)
  const wholeBytes = pageCount >> 3
  for (let at = 0; at < wholeBytes; at++) if (bitmap[at] !== 255) return false
  const rest = (1 << (pageCount & 7)) - 1
  return ((bitmap[wholeBytes] ?? 0) & rest) === rest
}
