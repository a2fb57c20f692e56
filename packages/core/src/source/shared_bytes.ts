import { binding, type NativeMapping } from '@mapscope/native'
import { faultError, translated, translateError } from '../native_errors.ts'
import { type ByteRange, isMapscopeError, MapscopeError } from '../shared/index.ts'
import { giveWay, isToldTooOften } from './past_view_faults.ts'

/** What could not be had of a mapped file: where it begins, and the file's size at that moment. */
export interface LostBytes {
  readonly offset: number
  readonly fileByteLength: number
}

/**
 * A source's mapping in another thread of the process: the very same pages. Its raw bytes are for synchronous use in that thread; what was read counts only
 * when `takeLost` tells of nothing afterwards.
 */
export class SharedBytes {
  readonly #native: NativeMapping
  #told: MapscopeError | undefined
  #faults: number = Atomics.load(binding.viewFaults, 0)

  /** @param mapping the number that `ByteSource.share` gave. @throws `ERR_CLOSED` when it is open nowhere any more. */
  constructor(mapping: number) {
    this.#native = translated(() => binding.openShared(mapping))
  }

  /** One code unit for each byte, without a copy where the runtime can do so. */
  latin1({ start, end }: ByteRange): string {
    return this.#once(() => this.#native.latin1(start, end - start)) ?? this.#copied(start, end - start)
  }

  /** The bytes themselves, for native kernels and at once; undefined where the runtime cannot give them. */
  window({ start, end }: ByteRange): Uint8Array | undefined {
    return this.#once(() => this.#native.window(start, end - start))
  }

  /**
   * What is not there of the range that was looked at since the last time this was asked; `unsure` when bytes elsewhere were met that are not there, maybe
   * by another thread: then look once more. Raw memory showed zeros in their place, and shows the file again from now on.
   */
  takeLost({ start, end }: ByteRange): LostBytes | 'unsure' | undefined {
    const told = this.#takeFault() ?? this.#told
    this.#told = undefined
    const fileByteLength = this.#once(() => this.#native.status()).byteLength
    // Behind the end of a file, its last page shows zeros without any fault.
    if (fileByteLength < end) return { offset: fileByteLength, fileByteLength }
    if (told?.offset === undefined) return told && 'unsure'
    return told.offset >= start && told.offset < end ? { offset: told.offset, fileByteLength } : 'unsure'
  }

  /** What was looked at no longer counts as this process' memory. */
  release({ start, end }: ByteRange): void {
    this.#once(() => this.#native.releasePages(start, end - start))
  }

  close(): void {
    this.#native.close()
  }

  /** Any call may tell of a fault that raw memory met before it, here or in another thread; it is kept for `takeLost`, and the call made again. */
  #once<T>(call: () => T): T {
    for (let count = 0; ; count++) {
      try {
        return translated(call)
      } catch (error) {
        if (isToldTooOften(count) || !isMapscopeError(error, 'ERR_FAULT')) throw error
        this.#told = error
        giveWay(count)
      }
    }
  }

  #takeFault(): MapscopeError | undefined {
    const faults = Atomics.load(binding.viewFaults, 0)
    if (faults === this.#faults) return undefined
    this.#faults = faults
    try {
      this.#native.copyOut(0, new Uint8Array(0))
      return undefined
    } catch (error) {
      const fault = translateError(error)
      return fault instanceof MapscopeError ? fault : faultError({ offset: 0, fileByteLength: 0, cause: error })
    }
  }

  #copied(offset: number, byteLength: number): string {
    const present = Math.max(0, Math.min(byteLength, this.#once(() => this.#native.status()).byteLength - offset))
    const bytes = Buffer.alloc(byteLength)
    this.#once(() => this.#native.copyOut(offset, bytes.subarray(0, present)))
    return bytes.toString('latin1')
  }
}
