import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ByteRange } from '@mapscope/protocol'
import type { DeliveryOutcome } from '../events/server_event.ts'
import type { Outlet } from './outlet.ts'
import { nextSlice, type Piece, type Pieces } from './piece.ts'
import type { Receipt } from './receipt.ts'

/** A body is these, in order: what the answer says by itself, and bytes of the file. */
export type Segment =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'range'; readonly range: ByteRange }

export interface Transmission {
  readonly outlet: Outlet
  readonly segments: readonly Segment[]
  readonly pieces: Pieces
  /** Read already, at the start of the first range. */
  readonly first: Piece
  readonly receipt: Receipt
  isCurrent(): boolean
}

/**
 * Sends a body whose head is written. A client that does not read holds no memory but a loan's; between two pieces others have their turn. Breaks
 * the connection instead of sending a byte that cannot be read or belongs to another state of the file, and also after lent bytes that turn
 * out to have been such: the answer is not whole then, for its last bytes are never lent.
 */
export async function transmit(transmission: Transmission): Promise<DeliveryOutcome> {
  const { outlet, segments, first } = transmission
  let read: Piece | undefined = first
  let outcome: DeliveryOutcome = 'complete'
  try {
    for (const [index, segment] of segments.entries()) {
      const isLast = index === segments.length - 1
      outcome =
        segment.kind === 'text'
          ? await putText(transmission, segment.bytes, isLast)
          : await sendRange(transmission, { range: segment.range, read, isLast })
      if (segment.kind === 'range') read = undefined
      if (outcome !== 'complete') break
    }
  } catch {
    // The source was closed under us (a shutdown), or a read was given up because the client has gone.
    outcome = 'aborted'
  }
  read?.release()
  if (outcome !== 'complete') outlet.break()
  return outcome
}

async function putText({ outlet }: Transmission, bytes: Uint8Array, isLast: boolean): Promise<DeliveryOutcome> {
  if (isLast) return (await outlet.end(bytes)) ? 'complete' : 'aborted'
  outlet.put(bytes)
  return outlet.isGone ? 'aborted' : 'complete'
}

interface RangeToSend {
  readonly range: ByteRange
  readonly read: Piece | undefined
  readonly isLast: boolean
}

async function sendRange(transmission: Transmission, { range, read, isLast }: RangeToSend): Promise<DeliveryOutcome> {
  const { pieces } = transmission
  let piece = read ?? (await pieces.read(nextSlice(range)))
  for (;;) {
    const left = { start: piece.range.end, end: range.end }
    const isEnd = left.start >= left.end
    try {
      if (!isEnd) pieces.expect(nextSlice(left))
      const outcome = await sendPiece(transmission, {
        piece,
        end: Math.min(piece.range.end, range.end),
        isLast: isEnd && isLast,
      })
      if (outcome !== 'complete' || isEnd) return outcome
    } finally {
      piece.release()
    }
    // On a fast connection every write succeeds at once: without this the loop would never let anyone else in.
    await nextTurn()
    piece = await pieces.read(nextSlice(left))
  }
}

interface PieceToSend {
  readonly piece: Piece
  /** Where the range ends, or the piece: a range that was found to have a gap ends before it. */
  readonly end: number
  readonly isLast: boolean
}

async function sendPiece(transmission: Transmission, { piece, end, isLast }: PieceToSend): Promise<DeliveryOutcome> {
  const { outlet, receipt } = transmission
  const isTrue = (): boolean => transmission.isCurrent() && piece.isTrue()
  if (!isTrue()) return 'changed'
  const { start } = piece.range
  const readableEnd = Math.min(end, Math.max(start, piece.unreadable[0]?.start ?? end))
  const hasGap = readableEnd < end
  const bytes = piece.bytes.subarray(0, readableEnd - start)
  // Breaking off drops what is not sent yet; the readable bytes before a gap are to arrive.
  const isHanded = isLast && !hasGap ? await outlet.end(bytes) : await outlet.write(bytes)
  if (!isHanded) return 'aborted'
  receipt.add({ start, end: readableEnd })
  if (hasGap) return 'unreadable'
  // Of lent bytes it is known only now. The last ones are copied, and were known before.
  return isLast || isTrue() ? 'complete' : 'changed'
}
