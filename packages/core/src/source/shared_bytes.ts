import { binding, type NativeMapping } from '@mapscope/native'
import { faultError, translated, translateError } from '../native_errors.ts'
import { type ByteRange, MapscopeError } from '../shared/index.ts'

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
  #faults: number = Atomics.load(binding.viewFaults, 0)

  /** @param mapping the number that `ByteSource.share` gave. @throws `ERR_CLOSED` when it is open nowhere any more. */
  constructor(mapping: number) {
    this.#native = translated(() => binding.openShared(mapping))
  }

  /** One code unit for each byte, without a copy where the runtime can do so. */
  latin1({ start, end }: ByteRange): string {
    return translated(() => this.#native.latin1(start, end - start) ?? this.#copied(start, end - start))
  }

  /** The bytes themselves, for native kernels and at once; undefined where the runtime cannot give them. */
  window({ start, end }: ByteRange): Uint8Array | undefined {
    return translated(() => this.#native.window(start, end - start))
  }

  /** What is not there of the bytes before `end`. Raw memory showed zeros in their place, and shows the file again from now on. */
  takeLost(end: number): LostBytes | undefined {
    const fault = this.#takeFault()
    const fileByteLength = translated(() => this.#native.status().byteLength)
    if (fault?.offset !== undefined) return { offset: Math.min(fault.offset, fileByteLength), fileByteLength }
    // Behind the end of a file, its last page shows zeros without any fault.
    return fileByteLength < end ? { offset: fileByteLength, fileByteLength } : undefined
  }

  /** What was looked at no longer counts as this process' memory. */
  release({ start, end }: ByteRange): void {
    translated(() => this.#native.releasePages(start, end - start))
  }

  close(): void {
    this.#native.close()
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
    const present = Math.max(0, Math.min(byteLength, this.#native.status().byteLength - offset))
    const bytes = Buffer.alloc(byteLength)
    this.#native.copyOut(offset, bytes.subarray(0, present))
    return bytes.toString('latin1')
  }
}
