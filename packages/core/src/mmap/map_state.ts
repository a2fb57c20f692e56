import type { NativeMapping } from '@mapscope/native'
import { closedError, type ErrorContext, faultInViewError, translated } from '../native_errors.ts'
import { type ByteRange, MapscopeError } from '../shared/index.ts'
import { allocate, JobsInFlight } from '../source/native_jobs.ts'
import { Leases } from './leases.ts'
import type { MapPlan } from './map_plan.ts'
import { MapText } from './map_text.ts'
import { MAX_SMALL_BYTE_LENGTH, RawWindow } from './raw_window.ts'

/** What the layers of a map share, and nobody else sees: `stateOf` in mapped_bytes.ts hands it to them. */
export class MapState {
  readonly native: NativeMapping
  readonly plan: MapPlan
  readonly jobs: JobsInFlight = new JobsInFlight()
  /** For the messages of native errors. */
  readonly context: ErrorContext
  /** What the file had when it was mapped, or when `resize` or `remap` last looked; 0 for anonymous memory. */
  knownFileByteLength: number
  /** Where the stream face reads and writes. A shrinking map leaves it where it is, past the end. */
  position = 0
  isClosed = false
  /** The way of `at` and other small access round the addon. */
  readonly raw: RawWindow
  /** The bytes as text, for `search`. */
  readonly text: MapText
  /** What `view` has lent. */
  readonly leases: Leases
  #length: number
  #workInFlight = 0

  constructor(native: NativeMapping, plan: MapPlan) {
    this.native = native
    this.plan = plan
    this.knownFileByteLength = plan.fileByteLength
    this.context = { mapOffset: plan.offset }
    this.raw = new RawWindow(native, plan)
    this.text = new MapText(native)
    this.leases = new Leases(native, this.context)
    this.#length = native.byteLength
  }

  /** @throws `ERR_CLOSED`. */
  get length(): number {
    this.assertOpen()
    return this.#length
  }

  assertOpen(): void {
    if (this.isClosed) throw closedError()
  }

  assertWritable(): void {
    if (this.plan.access === 'read')
      throw new MapscopeError('ERR_READ_ONLY', 'This map is read-only; open it with access "write" or "copy".')
  }

  assertNotExported(): void {
    this.leases.assertNone('change', 'Release each first (lease.release(), or using).')
  }

  assertKeepsFile(): void {
    if (!this.plan.keepsFile)
      throw new MapscopeError(
        'ERR_ARGUMENT',
        'This map knows nothing of its file (trackFd: false); map it with trackFd.',
      )
  }

  /** Pages mapped with neither PROT_READ nor PROT_WRITE: reading them is SIGSEGV, which nobody catches. */
  assertReadable(offset: number): void {
    if (this.plan.isReadable) return
    throw new MapscopeError('ERR_FAULT', 'This map has no PROT_READ, so that its bytes cannot be read.', { offset })
  }

  getByte(offset: number): number {
    const byte = this.raw.byteAt(offset)
    if (byte !== undefined) return byte
    this.assertReadable(offset)
    return translated(() => this.raw.decide(offset, () => this.native.getByte(offset)), this.context)
  }

  setByte(offset: number, value: number): void {
    if (this.raw.store(offset, value)) return
    translated(() => this.raw.decideStore(offset, () => this.native.setByte(offset, value)), this.context)
  }

  /** The bytes from `start` to before `end`, in an array of their own. */
  copy(start: number, end: number): Uint8Array {
    const copy = this.raw.copy(start, end)
    if (copy !== undefined) return copy
    const bytes = allocate(end - start)
    this.copyOut(start, bytes)
    return bytes
  }

  copyOut(offset: number, target: Uint8Array): void {
    if (target.length === 0) return
    this.assertReadable(offset)
    const copyOut = (): void => this.native.copyOut(offset, target)
    const isSmall = target.length <= MAX_SMALL_BYTE_LENGTH
    translated(isSmall ? () => this.raw.decide(offset, copyOut) : copyOut, this.context)
  }

  /** While views are out, `source` may be the map's own memory, and the copy goes byte by byte from its start: then a copy is copied. */
  copyIn(offset: number, source: Uint8Array): void {
    if (source.length === 0 || this.raw.storeAll(offset, source)) return
    const bytes = this.native.exports > 0 ? new Uint8Array(source) : source
    const copyIn = (): void => this.native.copyIn(offset, bytes)
    const isSmall = source.length <= MAX_SMALL_BYTE_LENGTH
    translated(isSmall ? () => this.raw.decideStore(offset, copyIn) : copyIn, this.context)
  }

  move(to: number, from: number, byteLength: number): void {
    if (byteLength === 0) return
    translated(() => this.native.move(to, from, byteLength), this.context)
  }

  /** -1 when absent. */
  find(needle: Uint8Array, { start, end, isReverse }: ByteRange & { readonly isReverse: boolean }): number {
    this.assertReadable(start)
    return translated(() => this.raw.decide(start, () => this.native.find(needle, start, end, isReverse)), this.context)
  }

  /** What was begun before `close` is finished: the mapping stays until then. */
  async holdOpen<T>(work: () => Promise<T>): Promise<T> {
    this.#workInFlight++
    try {
      return await work()
    } finally {
      this.#workInFlight--
      if (this.isClosed && this.#workInFlight === 0) this.native.close()
    }
  }

  /** After `resize` and `remap`, whether they worked or not: they detach what shows the pages as they were. */
  followPages(): void {
    this.raw.forget()
    this.text.forget()
    this.#length = this.native.byteLength
  }

  /**
   * Closes, though not before what was begun is finished.
   *
   * @throws `ERR_EXPORTED` while views are out, but by force; `ERR_FAULT`, when it is closed, for stores through views that were lost and that
   *   nobody has been told of.
   */
  close(isForced: boolean): void {
    if (this.isClosed) return
    if (!isForced)
      this.leases.assertNone('close', 'Release each (lease.release(), or using), or close({ force: true }).')
    this.isClosed = true
    const told = this.leases.revoke()
    this.raw.forget()
    this.text.forget()
    if (this.#workInFlight === 0) this.native.close()
    const untold = this.native.takeViewFault()
    if (!this.plan.isShared || this.plan.access === 'read') return
    if (told !== undefined) throw told
    if (untold !== undefined) throw faultInViewError({ ...untold, ...this.context })
  }
}
