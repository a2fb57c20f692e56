import type { NativeJob, NativeMapping } from '@mapscope/native'
import { type ErrorContext, translated, translateError } from '../native_errors.ts'
import { type ByteRange, type CancelSignal, MapscopeError, mergeRanges } from '../shared/index.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** Longest single job. Beyond 16 MiB a job gains no throughput, holds a pool thread for long and is slow to cancel. */
export const JOB_BYTE_LENGTH: number = 16 * 1024 ** 2

/** Jobs that run native code on the pool, so that closing can wait for them even when their callers no longer do. */
export class JobsInFlight {
  readonly #settled: Set<Promise<unknown>> = new Set()

  /** Keeps `work` in the set until it settles, and hands it back. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = work.then(
      () => this.#settled.delete(settled),
      () => this.#settled.delete(settled),
    )
    this.#settled.add(settled)
    return work
  }

  /** Resolves when nothing is in flight, what is begun meanwhile included. */
  async idle(): Promise<void> {
    while (this.#settled.size > 0) await Promise.all(this.#settled)
  }
}

export interface SettleOptions {
  readonly jobs: JobsInFlight
  readonly signal?: CancelSignal | undefined
  /** For the messages of the job's errors. */
  readonly context?: ErrorContext | undefined
}

/**
 * Awaits a native job. An abort cancels it and rejects at once with the signal's reason: the job itself stops within a MiB of
 * work, or when a slow disk answers, and nobody should wait for that.
 */
export function settle<T>(job: NativeJob<T>, { jobs, signal, context }: SettleOptions): Promise<T> {
  const result = jobs.track(job.result)
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      job.cancel()
      reject(signal?.reason)
    }
    const finish = (): void => signal?.removeEventListener('abort', abort)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted === true) abort()
    result.then(
      (value) => {
        finish()
        resolve(value)
      },
      (error: unknown) => {
        finish()
        reject(translateError(error, context))
      },
    )
  })
}

/** Rejects with the signal's reason as soon as it is aborted, whatever `work` does; whoever began that stops it. */
export function abortable<T>(work: Promise<T>, signal: CancelSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

export interface BytesRead {
  readonly bytes: Uint8Array
  readonly unreadable: readonly ByteRange[]
}

/**
 * Reads any length off the main thread, in pieces that can be cancelled.
 *
 * @throws `ERR_CLOSED` when the mapping is closed between two pieces: whoever closes it waits for its reads first.
 */
export async function readBytes(
  native: NativeMapping,
  range: ByteRange,
  { jobs, signal }: { readonly jobs: JobsInFlight; readonly signal?: CancelSignal | undefined },
): Promise<BytesRead> {
  const length = range.end - range.start
  if (length <= JOB_BYTE_LENGTH) {
    const job = translated(() => pastViewFaults(() => native.readAsync(range.start, length)))
    const { bytes, unreadable } = await settle(job, { jobs, signal })
    return { bytes, unreadable: pairsToRanges(unreadable) }
  }
  const bytes = allocate(length)
  const unreadable: ByteRange[] = []
  for (let start = range.start; start < range.end; start += JOB_BYTE_LENGTH) {
    const end = Math.min(range.end, start + JOB_BYTE_LENGTH)
    const job = translated(() => pastViewFaults(() => native.readAsync(start, end - start)))
    const part = await settle(job, { jobs, signal })
    bytes.set(part.bytes, start - range.start)
    unreadable.push(...pairsToRanges(part.unreadable))
  }
  return { bytes, unreadable: mergeRanges(unreadable) }
}

/** @throws `ERR_RANGE` where the engine has no array of that length (about 4 GiB in Node 20) or no memory for it. */
export function allocate(length: number): Uint8Array {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new MapscopeError('ERR_RANGE', `${length} bytes do not fit in one array; read them in smaller pieces.`, {
      cause,
    })
  }
}

export function pairsToRanges(pairs: readonly number[]): ByteRange[] {
  const ranges: ByteRange[] = []
  for (let at = 0; at < pairs.length; at += 2) ranges.push({ start: pairs[at] as number, end: pairs[at + 1] as number })
  return ranges
}
