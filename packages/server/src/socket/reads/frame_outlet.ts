import type { Duplex } from 'node:stream'
import { FRAME_HEADER_BYTE_LENGTH, type FrameHeader, MAX_FRAME_LENGTH, writeFrameHeader } from '@mapscope/protocol'
import type { WebSocket } from 'ws'
import { binaryHeaderByteLength, writeBinaryHeader } from './binary_header.ts'
import { FrameRoom } from './frame_room.ts'
import { frameSlab, type SlabUser } from './frame_slab.ts'

/** Above this much unsent, nothing more is read: a slow client costs this and no more. */
const UNSENT_LIMIT: number = 1024 ** 2
/** Up to this, copying header and payload together is cheaper than two pieces (55,008 messages of 4 KiB a second instead of 46,240). */
const JOIN_LIMIT: number = 16 * 1024

/** Used within a turn of one outlet, and by the next: an idle connection must not hold on to memory. */
const room: FrameRoom = new FrameRoom()

/** What all frames of one answer share. */
export type FrameContext = Pick<FrameHeader, 'stream' | 'id' | 'generation'>

interface BytesFrame {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

/**
 * The way of binary frames to one client. They are written beside ws, which knows of them by the transport's queue: ws neither holds back nor
 * reorders anything, as long as no extension was agreed on and every message of ours is one frame. Messages of ws's go behind `flush`.
 */
export class FrameOutlet implements SlabUser {
  readonly #socket: WebSocket
  readonly #transport: Duplex
  #isCorked = false
  #isFlushPending = false
  readonly #endTurn = (): void => {
    this.#isFlushPending = false
    this.flush()
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#transport.uncork()
  }

  /** @param transport is what the socket writes to. */
  constructor(socket: WebSocket, transport: Duplex) {
    this.#socket = socket
    this.#transport = transport
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** Whether the client (or the way to it) is slower than we are; `onDrain` tells when that is over. */
  get isFull(): boolean {
    return this.#transport.writableLength + frameSlab.waitingByteLength(this) > UNSENT_LIMIT
  }

  onDrain(listener: () => void): void {
    this.#transport.on('drain', listener)
  }

  /** Hands over what is waiting. At the end of a turn by itself: system calls are most of what a small answer costs. */
  flush(): void {
    const frames = frameSlab.taken(this)
    if (frames === undefined) return
    if (this.isOpen) this.#transport.write(frames)
    // An empty queue means that the system has copied all of it.
    frameSlab.handedOver(!this.isOpen || this.#transport.writableLength === 0)
  }

  /** Room for a payload and a header that are yet to be filled in, of a `data` frame if nothing else is said; good until anybody asks again. */
  roomFor(byteLength: number): FrameRoom {
    const { header } = room
    header.type = 'data'
    header.isLast = false
    header.isStale = false
    header.length = byteLength
    room.byteLength = byteLength
    room.isShared = byteLength <= JOIN_LIMIT
    const headersByteLength = headersByteLengthOf(byteLength)
    if (room.isShared) {
      room.at = frameSlab.place(this, headersByteLength + byteLength) + headersByteLength
      room.bytes = frameSlab.bytes
    } else {
      room.at = headersByteLength
      room.bytes = Buffer.allocUnsafeSlow(headersByteLength + byteLength)
    }
    return room
  }

  /** Sends what `roomFor` gave last and the caller filled in. */
  send(): void {
    const start = writeHeaders()
    if (room.isShared) {
      frameSlab.keep(room.at - start + room.byteLength)
      this.#flushLater()
    } else this.#write(room.bytes)
  }

  /** Sends bytes that are the frame's from here on. */
  bytes(type: 'data' | 'patch', context: FrameContext, { offset, bytes, isLast }: BytesFrame): void {
    const isJoined = bytes.length <= JOIN_LIMIT
    if (isJoined) this.roomFor(bytes.length)
    else this.#headOf(bytes.length)
    Object.assign(room.header, context, { type, offset, isLast })
    if (isJoined) {
      room.bytes.set(bytes, room.at)
      this.send()
      return
    }
    writeHeaders()
    this.#write(room.bytes)
    this.#write(bytes)
  }

  /** A run of zeros of any length, in as many frames as it needs. */
  zeros(context: FrameContext, { start, end, isLast }: { start: number; end: number; isLast: boolean }): void {
    for (let offset = start; offset < end; ) {
      const length = Math.min(MAX_FRAME_LENGTH, end - offset)
      this.#empty(context, { type: 'zero-run', isLast: isLast && offset + length === end, offset, length })
      offset += length
    }
  }

  /** No more comes for this request. `isStale`: for it was given up. */
  end(context: FrameContext, isStale: boolean): void {
    this.#empty(context, { type: 'end', isLast: true, isStale, offset: 0, length: 0 })
  }

  #empty(context: FrameContext, header: Partial<FrameHeader>): void {
    this.roomFor(0)
    Object.assign(room.header, context, header)
    this.send()
  }

  /** Headers alone, of a payload that is long enough to go by itself. */
  #headOf(byteLength: number): void {
    room.at = headersByteLengthOf(byteLength)
    room.bytes = Buffer.allocUnsafeSlow(room.at)
    room.byteLength = byteLength
    room.header.isStale = false
    room.header.length = byteLength
  }

  #flushLater(): void {
    if (this.#isFlushPending) return
    this.#isFlushPending = true
    process.nextTick(this.#endTurn)
  }

  /** What is long goes by itself, behind what is waiting; all of a turn in one system call. */
  #write(bytes: Uint8Array): void {
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#transport.cork()
    }
    this.flush()
    if (this.isOpen) this.#transport.write(bytes)
    this.#flushLater()
  }
}

/** A revision as frames have it: modulo 2^32. Not by `%`, whose result the engine takes for a fraction: a header's fields changed their kind with it. */
export function generationOf(revision: number): number {
  return revision >>> 0
}

function headersByteLengthOf(byteLength: number): number {
  return binaryHeaderByteLength(FRAME_HEADER_BYTE_LENGTH + byteLength) + FRAME_HEADER_BYTE_LENGTH
}

/** Says where they begin. */
function writeHeaders(): number {
  const { bytes, at, byteLength, header } = room
  const start = at - headersByteLengthOf(byteLength)
  writeBinaryHeader(bytes, start, FRAME_HEADER_BYTE_LENGTH + byteLength)
  writeFrameHeader(bytes, header, at - FRAME_HEADER_BYTE_LENGTH)
  return start
}
