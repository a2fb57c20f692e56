import { type ByteRange, mergeRanges } from '@mapscope/core/shared'
import type { JobRow } from '@mapscope/protocol'
import { Patience } from '../patience.ts'
import type { Claim, ShardResult } from './backend.ts'
import type { JobView } from './job_documents.ts'
import type { JobKind, ShardOutcome } from './kinds/kind.ts'
import type { ShardWriter } from './results/shard_file.ts'
import { shardOf } from './shards.ts'
import type { Turns } from './turns.ts'

/** Rows do not fit any more: the job ends with those it has. */
class OutOfRoom extends Error {}

export interface ShardRunOptions {
  readonly claim: Claim
  readonly kind: JobKind
  readonly view: JobView
  readonly cuts: readonly number[]
  /** Absent for kinds without rows. */
  readonly writer: ShardWriter | undefined
  /** Rows there is room for. */
  readonly room: number
  readonly patienceMs: number
  readonly turns: Turns
  readonly onProgress: () => void
}

/** One shard under way: what was found of it until now, and what became of it. */
export class ShardRun {
  readonly writer: ShardWriter | undefined
  /** Its place in the order of the work. */
  readonly index: number
  readonly shard: ByteRange
  /** Bytes of the shard that are settled. */
  scanned = 0
  readonly #options: ShardRunOptions
  readonly #patience: Patience
  #unreadable: readonly ByteRange[] = []

  constructor(options: ShardRunOptions) {
    const { claim, cuts, writer, patienceMs } = options
    this.#options = options
    this.writer = writer
    this.#patience = new Patience(claim.signal, patienceMs)
    this.index = claim.key.shard
    this.shard = shardOf(claim.job.order, cuts, claim.key.shard)
  }

  /** @throws what the kind throws; the claim's reason when it was aborted; `ERR_TIMEOUT`. */
  async run(): Promise<ShardResult> {
    const { claim, writer, view } = this.#options
    try {
      claim.signal.throwIfAborted()
      const { outcome, cutBy } = await this.#work()
      claim.signal.throwIfAborted()
      await writer?.sync()
      return {
        rowCount: writer?.rowCount ?? 0,
        carry: outcome.carry ?? {},
        unreadable: this.#unreadable,
        hasChanged: !view.isCurrent(),
        ...(outcome.summary === undefined ? {} : { summary: outcome.summary }),
        ...(cutBy === undefined ? {} : { cutBy }),
      }
    } finally {
      this.#patience.end()
    }
  }

  async #work(): Promise<{ outcome: ShardOutcome; cutBy: ShardResult['cutBy'] }> {
    try {
      const outcome = await this.#options.kind.run(this.#task())
      return { outcome, cutBy: outcome.isEnough === true ? 'limit' : undefined }
    } catch (error) {
      if (error instanceof OutOfRoom) return { outcome: {}, cutBy: 'space' }
      throw error
    }
  }

  #task(): Parameters<JobKind['run']>[0] {
    const { claim, view, writer } = this.#options
    const { order, rowCounts, carry, summary } = claim.job
    let { room } = this.#options
    return {
      request: order.request,
      document: {
        id: view.document.id,
        path: order.path,
        revision: view.revision,
        generation: view.generation,
        storedByteLength: view.storedByteLength,
        disk: view.disk,
      },
      source: view.source,
      other: view.other,
      range: order.range,
      shard: this.shard,
      carry,
      summary,
      rowCount: rowCounts.reduce((sum, count) => sum + count, 0),
      signal: this.#patience.signal,
      add: (row: JobRow) => {
        if (room-- <= 0) throw new OutOfRoom()
        writer?.add(row)
      },
      addHits: (hits) => {
        writer?.addHits(hits.slice(0, room))
        room -= hits.length
        if (room < 0) throw new OutOfRoom()
      },
      breathe: () => this.#breathe(),
      onScanned: (byteLength) => {
        this.scanned = Math.max(this.scanned, Math.min(byteLength, this.shard.end - this.shard.start))
        this.#patience.renew()
        this.#options.onProgress()
      },
      onUnreadable: (ranges) => {
        if (ranges.length > 0) this.#unreadable = mergeRanges([...this.#unreadable, ...ranges])
      },
    }
  }

  async #breathe(): Promise<void> {
    await this.#options.turns.take()
    this.#patience.signal.throwIfAborted()
  }
}
