import { type ByteRange, intersect, isMapscopeError } from '@mapscope/core/shared'
import { SOCKET_LIMITS } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'
import type { DeliveryOutcome } from '../../events/server_event.ts'
import type { Credits } from './credits.ts'
import { type FrameContext, type FrameOutlet, generationOf } from './frame_outlet.ts'
import type { FrameRoom } from './frame_room.ts'
import { readAhead } from './read_ahead.ts'
import { type ReadRequest, ReadTask } from './read_task.ts'
import { sendResident } from './send_resident.ts'
import { type Run, zeroRuns } from './zero_runs.ts'

/** One copy on the event loop: 14 µs (4 KiB: 4, 16 KiB: 6). */
const SYNC_BYTE_LENGTH: number = 64 * 1024
/** What one connection sends before others have their turn. */
const TURN_BYTE_LENGTH: number = 512 * 1024
/** One job on the pool: a cold one keeps its thread for some milliseconds on a slow disk. */
const PIECE_BYTE_LENGTH: number = 256 * 1024

const ROOM_INTERVAL_MS = 20

export interface ReadsOptions {
  readonly outlet: FrameOutlet
  readonly credits: Credits
  /** Room for bytes that are read off the thread, until the returned function is called; undefined where there is none. */
  readonly reserve: (byteLength: number) => (() => void) | undefined
  readonly onUnreadable: (task: ReadTask, ranges: ByteRange[]) => void
  /** A read ended without an end frame: it failed. */
  readonly onFailure: (task: ReadTask, error: unknown) => void
  readonly onServed: (read: Pick<ReadRequest, 'document'>, sent: readonly ByteRange[], outcome: DeliveryOutcome) => void
}

/**
 * The reads of one connection. Viewports go before bulk, bulk takes turns; what is in memory is copied at once, the rest off the thread, so
 * answers overtake each other. Nothing is read that the client has no credit for or no room.
 */
export class Reads {
  readonly #options: ReadsOptions
  readonly #viewports: ReadTask[] = []
  readonly #bulk: ReadTask[] = []
  readonly #unreadable: Set<ReadTask> = new Set()
  /** What gives back the room of bytes that are read. */
  readonly #reserved: (() => void)[] = []
  #isPumping = false
  #turn: NodeJS.Immediate | undefined

  constructor(options: ReadsOptions) {
    this.#options = options
    options.outlet.onDrain(() => {
      this.#giveBack()
      this.pump()
    })
  }

  /** @throws ProblemError `ERR_TOO_MANY`. */
  add(request: ReadRequest): void {
    const { credits } = this.#options
    if (this.#viewports.length + this.#bulk.length >= SOCKET_LIMITS.readCount) {
      throw new ProblemError('ERR_TOO_MANY', `a connection has at most ${SOCKET_LIMITS.readCount} reads under way`)
    }
    credits.open(request.stream)
    if (this.#isIdle && this.#answerAtOnce(request)) return
    const task = new ReadTask(request)
    if (task.isViewport) {
      for (const older of this.#viewports) if (older.stream === task.stream) this.#giveUp(older)
      this.#viewports.push(task)
    } else this.#bulk.push(task)
    this.pump()
  }

  has(id: number): boolean {
    return this.#find(id) !== undefined
  }

  /** False for an id that is unknown or finished. */
  cancel(id: number): boolean {
    const task = this.#find(id)
    if (task !== undefined) this.#giveUp(task)
    return task !== undefined
  }

  /** The connection is gone. */
  endAll(): void {
    clearImmediate(this.#turn)
    for (const task of [...this.#viewports, ...this.#bulk]) this.#finish(task, 'aborted')
    for (const release of this.#reserved.splice(0)) release()
  }

  /** Nothing is waiting that would go before a newer viewport, or be superseded by it. */
  get #isIdle(): boolean {
    return this.#viewports.length === 0 && !this.#isPumping
  }

  /** What most viewports are: short, in memory, and there is room. Nothing is scheduled then, or made to be scheduled. */
  #answerAtOnce(request: ReadRequest): boolean {
    try {
      if (!sendResident(request, this.#options)) return false
    } catch {
      // The long way meets the same, and tells it.
      return false
    }
    this.#options.onServed(request, request.ranges, 'complete')
    return true
  }

  /** Sends what can be sent now. */
  pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    const { outlet } = this.#options
    let left = TURN_BYTE_LENGTH
    while (outlet.isOpen && !outlet.isFull) {
      const task = this.#pick()
      if (task === undefined) break
      if (left <= 0) {
        this.#goOnLater()
        break
      }
      left -= this.#attempt(task)
    }
    this.#isPumping = false
  }

  #goOnLater(): void {
    clearImmediate(this.#turn)
    this.#turn = setImmediate(() => this.pump())
  }

  #find(id: number): ReadTask | undefined {
    const isIt = (task: ReadTask): boolean => task.id === id
    return this.#viewports.find(isIt) ?? this.#bulk.find(isIt)
  }

  #pick(): ReadTask | undefined {
    const { credits } = this.#options
    const isReady = (task: ReadTask): boolean => !task.isWaiting && credits.left(task.stream) > 0
    const viewport = this.#viewports.find(isReady)
    if (viewport !== undefined) return viewport
    const index = this.#bulk.findIndex(isReady)
    const [task] = index < 0 ? [] : this.#bulk.splice(index, 1)
    // To the end of the queue: the others have their turn before it has another.
    if (task !== undefined) this.#bulk.push(task)
    return task
  }

  /** Does the next piece of a task, or has it done. Says how many bytes were copied here and now. */
  #attempt(task: ReadTask): number {
    try {
      return this.#step(task)
    } catch (error) {
      this.#fail(task, error)
      return 0
    }
  }

  #step(task: ReadTask): number {
    const { outlet, credits } = this.#options
    const rest = task.next()
    const { source, revision } = task.document.live()
    if (rest === undefined) {
      outlet.end(contextOf(task, revision), false)
      this.#finish(task, this.#unreadable.has(task) ? 'unreadable' : 'complete')
      return 0
    }
    const length = Math.min(rest.end - rest.start, SYNC_BYTE_LENGTH, credits.left(task.stream))
    const room = outlet.roomFor(length)
    const bytes = room.bytes.subarray(room.at, room.at + length)
    if (source.readResident(rest.start, bytes)) this.#deliver(task, { offset: rest.start, bytes, room, revision })
    else this.#readOff(task, rest)
    return length
  }

  /** Reads off the thread what is not in memory, or tells a hole. */
  #readOff(task: ReadTask, rest: ByteRange): void {
    const { credits } = this.#options
    const length = Math.min(rest.end - rest.start, PIECE_BYTE_LENGTH, credits.left(task.stream))
    const release = this.#options.reserve(length)
    if (release === undefined) {
      this.#waitForRoom(task)
      return
    }
    // Set aside meanwhile: others on this stream must not count on it.
    credits.spend(task.stream, length)
    task.isWaiting = true
    readAhead(task.document, { start: rest.start, end: rest.start + length }, rest)
      .finally(() => credits.give(task.stream, length))
      .then((piece) => {
        if (task.isEnded) return
        task.isWaiting = false
        if (piece.kind === 'hole') this.#deliverZeros(task, piece.range, piece.revision)
        else this.#deliverRead(task, piece)
      })
      .catch((error: unknown) => {
        if (!task.isEnded) this.#fail(task, error)
      })
      .finally(() => {
        this.#reserved.push(release)
        this.#giveBack()
        this.pump()
      })
  }

  /** What was read is under way until the client has room again: until then it lies in this process. */
  #giveBack(): void {
    if (this.#options.outlet.isFull && this.#options.outlet.isOpen) return
    for (const release of this.#reserved.splice(0)) release()
  }

  /** Others have as much under way as may be; what they have is taken or given up in a moment, and nobody is told which. */
  #waitForRoom(task: ReadTask): void {
    task.isWaiting = true
    setTimeout(() => {
      task.isWaiting = false
      this.pump()
    }, ROOM_INTERVAL_MS).unref()
  }

  #deliverZeros(task: ReadTask, range: ByteRange, revision: number): void {
    const isLast = task.isLastAt(range.end)
    this.#options.outlet.zeros(contextOf(task, revision), { ...range, isLast })
    task.noteSent(range)
    this.#advance(task, range.end)
  }

  /** What can be read of a piece, and which ranges of it cannot. */
  #deliverRead(task: ReadTask, { offset, bytes, unreadable, revision }: ReadPiece): void {
    const range = { start: offset, end: offset + bytes.length }
    const gaps = unreadable.map((gap) => intersect(gap, range)).filter((gap) => gap !== undefined)
    if (gaps.length === 0) {
      this.#deliver(task, { offset, bytes, revision })
      return
    }
    this.#unreadable.add(task)
    this.#options.onUnreadable(task, gaps)
    let start = offset
    for (const gap of [...gaps, { start: range.end, end: range.end }]) {
      if (gap.start > start) {
        const part = bytes.subarray(start - offset, gap.start - offset)
        this.#deliver(task, { offset: start, bytes: part, revision })
      }
      start = gap.end
      // If these were the last, an end frame is still to come: only bytes that go out carry the flag.
      if (gap.end > gap.start) task.advance(gap.end)
    }
  }

  #deliver(task: ReadTask, { offset, bytes, room, revision }: Delivery): void {
    const { outlet, credits } = this.#options
    const context = contextOf(task, revision)
    const end = offset + bytes.length
    const isLastPiece = task.isLastAt(end)
    const runs = zeroRuns(bytes)
    if (runs.length === 1 && runs[0]?.isZero === false && room !== undefined) {
      Object.assign(room.header, context, { offset, isLast: isLastPiece })
      outlet.send()
      credits.spend(task.stream, bytes.length)
    } else
      this.#deliverRuns(task, {
        context,
        offset,
        isLastPiece,
        runs,
        bytes: room === undefined ? bytes : Buffer.from(bytes),
      })
    task.noteSent({ start: offset, end })
    this.#advance(task, end)
  }

  /** The bytes are in nobody else's room: it is good only until the first run is sent. */
  #deliverRuns({ stream }: ReadTask, { context, offset, isLastPiece, runs, bytes }: DeliveredRuns): void {
    const { outlet, credits } = this.#options
    for (const { start, end, isZero } of runs) {
      const isLast = isLastPiece && end === bytes.length
      if (isZero) outlet.zeros(context, { start: offset + start, end: offset + end, isLast })
      else {
        outlet.bytes('data', context, { offset: offset + start, bytes: bytes.subarray(start, end), isLast })
        credits.spend(stream, end - start)
      }
    }
  }

  /** Behind bytes that went out: the last of them carried the flag. */
  #advance(task: ReadTask, end: number): void {
    const isDone = task.isLastAt(end)
    task.advance(end)
    if (isDone) this.#finish(task, this.#unreadable.has(task) ? 'unreadable' : 'complete')
  }

  #giveUp(task: ReadTask): void {
    this.#options.outlet.end(contextOf(task, task.document.revision), true)
    this.#finish(task, 'aborted')
  }

  #fail(task: ReadTask, error: unknown): void {
    this.#options.onFailure(task, error)
    this.#finish(task, isMapscopeError(error, 'ERR_FAULT') ? 'unreadable' : 'changed')
  }

  #finish(task: ReadTask, outcome: DeliveryOutcome): void {
    const list = task.isViewport ? this.#viewports : this.#bulk
    const index = list.indexOf(task)
    if (index >= 0) list.splice(index, 1)
    this.#unreadable.delete(task)
    task.end()
    if (task.sent.length > 0) this.#options.onServed(task, task.sent, outcome)
  }
}

interface ReadPiece {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly unreadable: readonly ByteRange[]
  readonly revision: number
}

interface Delivery {
  readonly offset: number
  readonly bytes: Uint8Array
  /** What `bytes` lie in, with room for headers. */
  readonly room?: FrameRoom
  readonly revision: number
}

interface DeliveredRuns {
  readonly context: FrameContext
  readonly offset: number
  readonly isLastPiece: boolean
  readonly runs: readonly Run[]
  readonly bytes: Uint8Array
}

function contextOf(task: ReadTask, revision: number): FrameContext {
  return { stream: task.stream, id: task.id, generation: generationOf(revision) }
}
