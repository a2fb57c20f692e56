import { faultError } from '../native_errors.ts'
import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import {
  type ByteRange,
  type ByteSource,
  byteLengthOf,
  type CacheOptions,
  type CancelSignal,
  MapscopeError,
} from '../shared/index.ts'
import { passing, passingAll } from '../shared/releasing_cache.ts'
import { HASH_ALGORITHMS, type HashAlgorithm, isHashAlgorithm } from './hash_algorithms.ts'
import { type ChunkDigests, ChunkHasher, type HashPlan, type HashRunOptions } from './hash_pieces.ts'

/** Bytes that were hashed, of how many. */
export interface HashProgress {
  readonly scanned: number
  readonly total: number
}

export interface HashOptions<Algorithm extends HashAlgorithm = HashAlgorithm> extends CacheOptions {
  /** At least one; all are computed in one pass over the bytes. */
  readonly algorithms: readonly Algorithm[]
  /** Default: all of the source. */
  readonly range?: ByteRange | undefined
  readonly signal?: CancelSignal | undefined
  readonly onProgress?: ((progress: HashProgress) => void) | undefined
}

export interface ChunkHashOptions<Algorithm extends HashAlgorithm = HashAlgorithm> extends HashOptions<Algorithm> {
  /** Length of every chunk but the last, at least 1. */
  readonly chunkByteLength: number
}

export type Digests<Algorithm extends HashAlgorithm = HashAlgorithm> = { readonly [Name in Algorithm]: string }

export interface ChunkHash<Algorithm extends HashAlgorithm = HashAlgorithm> {
  readonly range: ByteRange
  readonly digests: Digests<Algorithm>
}

/** A source that hashes by itself, off the main thread. */
export interface HashingSource {
  hashIn(plan: HashPlan, options: HashRunOptions): Promise<ChunkDigests>
}

/** Below this, handing the work to another thread costs more than it takes. */
const WORTH_A_THREAD_BYTE_LENGTH = 1024 ** 2

/** One or two milliseconds of hashing on the caller's thread, shared by the algorithms. */
const WINDOW_BYTE_LENGTH: number = 1024 ** 2

/** What one thread is given at once of a source's chunks: long enough to hide the way there, short enough to cancel and to hold. */
const BATCH_BYTE_LENGTH: number = 32 * 1024 ** 2
const MOST_CHUNKS_IN_BATCH = 8_192

/** Two, as hashing is bound by computing and the threads do nothing else; more would take the cores from other work. */
const BATCHES_IN_FLIGHT = 2

/**
 * Hashes bytes of a source of any size, as lower-case hexadecimal by algorithm. An empty range has the hash of nothing.
 *
 * ```ts
 * const { sha256 } = await hash(source, { algorithms: ['sha256'] })
 * ```
 *
 * @throws `ERR_ARGUMENT` for no or unknown algorithms; `ERR_RANGE` outside the source; `ERR_FAULT` with the offset of the first byte that
 *   cannot be read, for a hash of other bytes is worse than none; the signal's reason when aborted.
 */
export async function hash<Algorithm extends HashAlgorithm>(
  source: ByteSource,
  options: HashOptions<Algorithm>,
): Promise<Digests<Algorithm>> {
  const { algorithms, range } = check(source, options)
  const plan = { range, algorithms, chunkByteLength: Math.max(1, byteLengthOf(range)) }
  const run = { signal: options.signal, onScanned: counter(options, range) }
  const [digests = []] = await passing(source, options, (passed) => hashPlan(passed, plan, run))
  return named(algorithms, digests)
}

/**
 * Hashes every `chunkByteLength` bytes by themselves (piecewise, as evidence is: a changed byte is then known to a chunk), in order, two
 * threads at a time. An empty range has no chunks.
 *
 * @throws as `hash`.
 */
export async function* hashChunks<Algorithm extends HashAlgorithm>(
  source: ByteSource,
  options: ChunkHashOptions<Algorithm>,
): AsyncGenerator<ChunkHash<Algorithm>> {
  const { algorithms, range } = check(source, options)
  const { chunkByteLength } = options
  assertGiven({ chunkByteLength })
  if (!Number.isSafeInteger(chunkByteLength) || chunkByteLength < 1)
    throw new MapscopeError('ERR_ARGUMENT', `A chunk has 1 byte or more, not ${chunkByteLength}.`)
  const work = { algorithms, range, chunkByteLength }
  yield* passingAll(source, options, (passed) => chunksIn(passed, work, options))
}

async function* chunksIn<Algorithm extends HashAlgorithm>(
  source: ByteSource,
  { algorithms, range, chunkByteLength }: HashPlan & { readonly algorithms: readonly Algorithm[] },
  options: HashOptions,
): AsyncGenerator<ChunkHash<Algorithm>> {
  const stop = new AbortController()
  const forwardAbort = (): void => stop.abort(options.signal?.reason)
  options.signal?.addEventListener('abort', forwardAbort, { once: true })
  const run = { signal: stop.signal, onScanned: counter(options, range) }
  const inFlight: Batch[] = []
  try {
    for (const part of batchesOf(range, chunkByteLength)) {
      const result = hashPlan(source, { range: part, algorithms, chunkByteLength }, run)
      result.catch(() => undefined) // told when its turn comes
      inFlight.push({ part, result })
      if (inFlight.length >= BATCHES_IN_FLIGHT) yield* chunksOf(inFlight.shift(), algorithms, chunkByteLength)
    }
    while (inFlight.length > 0) yield* chunksOf(inFlight.shift(), algorithms, chunkByteLength)
  } finally {
    options.signal?.removeEventListener('abort', forwardAbort)
    stop.abort()
  }
}

interface Batch {
  readonly part: ByteRange
  readonly result: Promise<ChunkDigests>
}

async function* chunksOf<Algorithm extends HashAlgorithm>(
  batch: Batch | undefined,
  algorithms: readonly Algorithm[],
  chunkByteLength: number,
): AsyncGenerator<ChunkHash<Algorithm>> {
  if (batch === undefined) return
  const { part, result } = batch
  const breather = new Breather()
  for (const [index, digests] of (await result).entries()) {
    const start = part.start + index * chunkByteLength
    yield { range: { start, end: Math.min(part.end, start + chunkByteLength) }, digests: named(algorithms, digests) }
    await breather.pause()
  }
}

function* batchesOf(range: ByteRange, chunkByteLength: number): Generator<ByteRange> {
  const chunks = Math.min(MOST_CHUNKS_IN_BATCH, Math.max(1, Math.floor(BATCH_BYTE_LENGTH / chunkByteLength)))
  for (let start = range.start; start < range.end; start += chunks * chunkByteLength)
    yield { start, end: Math.min(range.end, start + chunks * chunkByteLength) }
}

function hashPlan(source: ByteSource, plan: HashPlan, options: HashRunOptions): Promise<ChunkDigests> {
  const isWorthIt = byteLengthOf(plan.range) >= WORTH_A_THREAD_BYTE_LENGTH
  return isWorthIt && isHashingSource(source) ? source.hashIn(plan, options) : hashByReading(source, plan, options)
}

function isHashingSource(source: ByteSource): source is ByteSource & HashingSource {
  return 'hashIn' in source
}

/**
 * The way for any source: a window is read off this thread and hashed on it. A source that has its bytes at hand answers without ever letting
 * timers run, so this does.
 */
async function hashByReading(
  source: ByteSource,
  plan: HashPlan,
  { signal, onScanned }: HashRunOptions,
): Promise<ChunkDigests> {
  const { range } = plan
  const hasher = await ChunkHasher.of(plan)
  const windowByteLength = Math.ceil(WINDOW_BYTE_LENGTH / plan.algorithms.length)
  const breather = new Breather()
  for (let start = range.start; start < range.end; start += windowByteLength) {
    signal?.throwIfAborted()
    const byteLength = Math.min(windowByteLength, range.end - start)
    const { bytes, unreadable } = await source.read(start, byteLength, { signal })
    if (unreadable[0] !== undefined)
      throw faultError({ offset: Math.max(start, unreadable[0].start), fileByteLength: undefined })
    hasher.take(bytes)
    onScanned?.(byteLength)
    await breather.pause()
  }
  return hasher.finish()
}

function check<Algorithm extends HashAlgorithm>(
  source: ByteSource,
  options: HashOptions<Algorithm>,
): { readonly algorithms: readonly Algorithm[]; readonly range: ByteRange } {
  assertGiven({ source })
  assertOptions(options)
  const { algorithms, range = { start: 0, end: source.byteLength }, signal } = options
  assertGiven({ algorithms })
  const unknown = algorithms.find((name) => !isHashAlgorithm(name))
  if (unknown !== undefined || algorithms.length === 0) {
    const problem = unknown === undefined ? 'No hash was named' : `“${String(unknown)}” is no hash that is known here`
    throw new MapscopeError('ERR_ARGUMENT', `${problem}; name some of ${HASH_ALGORITHMS.join(', ')}.`)
  }
  const { start, end } = range
  const isInside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end <= source.byteLength
  if (!isInside || start > end)
    throw new MapscopeError(
      'ERR_RANGE',
      `Bytes ${start} to ${end} are outside the source; it has ${source.byteLength} bytes.`,
    )
  signal?.throwIfAborted()
  return { algorithms: [...algorithms], range: { start, end } }
}

function counter({ onProgress }: HashOptions, range: ByteRange): ((byteLength: number) => void) | undefined {
  if (onProgress === undefined) return undefined
  const total = byteLengthOf(range)
  let scanned = 0
  return (byteLength) => {
    scanned += byteLength
    onProgress({ scanned, total })
  }
}

function named<Algorithm extends HashAlgorithm>(
  algorithms: readonly Algorithm[],
  digests: readonly string[],
): Digests<Algorithm> {
  return Object.fromEntries(algorithms.map((name, at) => [name, digests[at]])) as Digests<Algorithm>
}
