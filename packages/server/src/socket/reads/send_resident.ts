import type { Credits } from './credits.ts'
import { type FrameOutlet, generationOf } from './frame_outlet.ts'
import type { ReadRequest } from './read_task.ts'
import { hasZeroBlock } from './zero_runs.ts'

/** What a screen shows; more takes its turn with others. */
const LONGEST: number = 16 * 1024

/**
 * Answers a whole read by one frame, here and now, when that is all there is to it: one short range of bytes that are in memory and not zeros, credit and
 * room for them. False, and nothing has happened, when it is not.
 *
 * @throws whatever the source does; nothing has happened then either.
 */
export function sendResident(
  { id, stream, isViewport, document, ranges }: ReadRequest,
  { outlet, credits }: { readonly outlet: FrameOutlet; readonly credits: Credits },
): boolean {
  const [range] = ranges
  if (!isViewport || range === undefined || ranges.length !== 1) return false
  const { start, end } = range
  const byteLength = end - start
  if (byteLength === 0 || byteLength > LONGEST || credits.left(stream) < byteLength) return false
  if (!outlet.isOpen || outlet.isFull) return false
  const { source, revision } = document.live()
  const { bytes, at, header } = outlet.roomFor(byteLength)
  if (!source.readResident(start, bytes.subarray(at, at + byteLength))) return false
  if (hasZeroBlock(bytes, at, at + byteLength)) return false
  header.isLast = true
  header.stream = stream
  header.id = id
  header.offset = start
  header.generation = generationOf(revision)
  outlet.send()
  credits.spend(stream, byteLength)
  document.touch()
  return true
}
