import { setImmediate as nextTurn } from 'node:timers/promises'
import { binding, type NativeMapping } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import { type ByteRange, byteLengthOf, intersect } from '../shared/index.ts'
import { clearRuns } from './clear_runs.ts'
import { type JobsInFlight, settle } from './native_jobs.ts'
import { pastViewFaults } from './past_view_faults.ts'

/**
 * What is asked at once about what the cache holds: a quarter of a millisecond. No disk is set to read farther ahead than this, which matters:
 * what the kernel read ahead of a scan would else pass for somebody's.
 */
const BLOCK_BYTE_LENGTH: number = 32 * 1024 ** 2
const BLOCKS_PER_TURN = 4

/** How much a scan leaves behind before it is given back. The pages of windows under way are beside, and mapped: they would stay. */
const STEP_BYTE_LENGTH: number = 64 * 1024 ** 2

/** Blocks of 2 TiB. What lies before is forgotten, having been given back. */
const MOST_BLOCKS = 65_536

/**
 * How often the end looks again for what came late, where the scan was last: until three looks in a row see nothing, since a page that the disk is
 * bringing does not show before it is there. (With one look, 4 MiB stayed in one of twelve scans that were aborted.) Pages that somebody else
 * mapped meanwhile never go.
 */
const LAST_BLOCKS = 8
const LAST_TRIES = 10
const QUIET_LOOKS = 3
const LAST_PAUSE_MS = 30

/** What of a mapped file's cache a scan brought in, and gives back behind itself; what was there before it came stays. */
export class CacheLedger {
  readonly #native: NativeMapping
  readonly #jobs: JobsInFlight
  readonly #pageByteLength: number = binding.pageSize
  /** Of each block near what was looked at: what the cache did not have. */
  readonly #blocks: Map<number, readonly ByteRange[]> = new Map()
  #passed: ByteRange[] = []
  #passedByteLength = 0
  /** Whether it is known what the cache has. If not, all that the scan touches is given back. */
  #isTold: boolean | undefined
  #supported: Promise<void> | undefined
  #releasing: Promise<void> = Promise.resolve()

  constructor(native: NativeMapping, jobs: JobsInFlight) {
    this.#native = native
    this.#jobs = jobs
  }

  /** Runs what looks at a range, and gives back what lies behind when that has come to much. @throws `ERR_OS` with `ENOTSUP` where it cannot. */
  readonly around = <T>(range: ByteRange, look: () => Promise<T>): Promise<T> =>
    this.#jobs.track(this.#around(range, look))

  async #around<T>(range: ByteRange, look: () => Promise<T>): Promise<T> {
    await this.before(range)
    const result = await look()
    await this.#after(range)
    return result
  }

  /** The same for what another thread looks at, where nobody waits: it has come past `behind`, and may be as far as `lead`. */
  goOn(behind: ByteRange, lead: ByteRange): void {
    const noted = this.before(lead).then(() => this.#after(behind))
    noted.catch(() => undefined) // the end tries it again, and tells
  }

  /** Notes what the cache has of a range that is about to be looked at, and of what is near. */
  async before(range: ByteRange): Promise<void> {
    if (range.start >= range.end) return
    this.#isTold ??= translated(() => pastViewFaults(() => this.#native.tellsResidency()))
    // Before anything is looked at: whoever asks for what cannot be had hears it at once.
    this.#supported ??= this.#release([])
    await this.#supported
    const { first, last } = this.#blocksOf(range)
    let asked = 0
    for (let block = Math.max(0, first - 1); block <= last + 1; block++) {
      if (this.#blocks.has(block) || block * BLOCK_BYTE_LENGTH >= this.#native.byteLength) continue
      this.#blocks.set(block, this.#freshIn(block))
      if (++asked % BLOCKS_PER_TURN === 0) await nextTurn()
    }
  }

  /** Gives back the rest, with what was read ahead, and what was in somebody's hands when its turn came. */
  end(): Promise<void> {
    return this.#jobs.track(this.#end())
  }

  async #end(): Promise<void> {
    await this.#releasing.catch(() => undefined)
    const blocks = [...this.#blocks]
    await this.#release(blocks.flatMap(([, fresh]) => fresh))
    // A page that the disk is about to bring cannot go: a scan that stops early has some under way.
    const last = blocks.slice(-LAST_BLOCKS)
    let quiet = 0
    for (let tries = 0; tries < LAST_TRIES && quiet < QUIET_LOOKS && this.#isTold === true; tries++) {
      await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE_MS))
      if (this.#native.closed) return
      const left = last.filter(([block, fresh]) => byteLengthOfAll(this.#freshIn(block)) < byteLengthOfAll(fresh))
      quiet = left.length === 0 ? quiet + 1 : 0
      await this.#release(left.flatMap(([, fresh]) => fresh))
    }
  }

  async #after(range: ByteRange): Promise<void> {
    this.#passed.push(range)
    this.#passedByteLength += range.end - range.start
    if (this.#passedByteLength < STEP_BYTE_LENGTH) return
    const passed = this.#passed
    this.#passed = []
    this.#passedByteLength = 0
    this.#releasing = this.#releasing.then(() => this.#release(this.#freshOf(passed)))
    this.#releasing.catch(() => undefined) // told below, or to whoever comes next
    await this.#releasing
    this.#forget(passed)
  }

  #blocksOf({ start, end }: ByteRange): { readonly first: number; readonly last: number } {
    const first = Math.floor(start / BLOCK_BYTE_LENGTH)
    return { first, last: Math.max(first, Math.floor((end - 1) / BLOCK_BYTE_LENGTH)) }
  }

  /** Whole pages of a block that are not in memory now. */
  #freshIn(block: number): readonly ByteRange[] {
    const start = block * BLOCK_BYTE_LENGTH
    const end = Math.min(start + BLOCK_BYTE_LENGTH, this.#native.byteLength)
    if (this.#isTold === false) return [{ start, end }]
    const bitmap = translated(() => pastViewFaults(() => this.#native.residency(start, end - start)))
    const offsetOf = (page: number) => Math.min(start + page * this.#pageByteLength, end)
    return clearRuns(bitmap, Math.ceil((end - start) / this.#pageByteLength)).map((run) => ({
      start: offsetOf(run.start),
      end: offsetOf(run.end),
    }))
  }

  #freshOf(ranges: readonly ByteRange[]): ByteRange[] {
    return ranges.flatMap((range) => {
      const { first, last } = this.#blocksOf(range)
      const fresh: ByteRange[] = []
      for (let block = first; block <= last; block++)
        for (const run of this.#blocks.get(block) ?? []) fresh.push(...inside(run, range))
      return fresh
    })
  }

  #forget(passed: readonly ByteRange[]): void {
    for (const range of passed) {
      const { first, last } = this.#blocksOf(range)
      for (let block = first; block <= last && this.#blocks.size > MOST_BLOCKS; block++) this.#blocks.delete(block)
    }
  }

  async #release(ranges: readonly ByteRange[]): Promise<void> {
    if (this.#native.closed) return
    const pairs = touchingJoined(ranges).flatMap(({ start, end }) => [start, end])
    const job = translated(() => pastViewFaults(() => this.#native.releaseCacheAsync(pairs)))
    await settle(job, { jobs: this.#jobs })
  }
}

function byteLengthOfAll(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, range) => sum + byteLengthOf(range), 0)
}

function inside(run: ByteRange, range: ByteRange): readonly ByteRange[] {
  const common = intersect(run, range)
  return common === undefined ? [] : [common]
}

/** Neighbours that touch, as one: no page, and no larger run of the kernel's, is cut where two windows meet. */
function touchingJoined(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}
