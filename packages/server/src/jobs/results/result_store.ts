import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteRange, JobRow } from '@mapscope/protocol'
import { stateProblem } from '../state_problem.ts'
import { densityOf } from './density.ts'
import type { RowCodec } from './row_codec.ts'
import { readRows, ShardWriter, withOffsets } from './shard_file.ts'

/** The rows of one job, as far as they are there: how many each shard has, in order. */
export interface ResultShape {
  readonly jobId: string
  readonly codec: RowCodec
  readonly rowCounts: readonly number[]
  /** Rows of a backward search: their offsets fall. */
  readonly isDescending: boolean
}

/** Where rows lie: a folder a job, a file a shard. Owned by whoever gave the folder. */
export class ResultStore {
  readonly #folder: string
  readonly #removing: Map<string, Promise<void>> = new Map()

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  writer(jobId: string, shard: number, codec: RowCodec): ShardWriter {
    try {
      mkdirSync(join(this.#folder, jobId), { recursive: true, mode: 0o700 })
    } catch (error) {
      throw stateProblem(error)
    }
    return new ShardWriter(this.#path(jobId, shard), codec)
  }

  /** Up to `limit` rows from index `start` on. */
  page({ jobId, codec, rowCounts }: ResultShape, start: number, limit: number): JobRow[] {
    const rows: JobRow[] = []
    let before = 0
    for (const [shard, count] of rowCounts.entries()) {
      const from = Math.max(0, start - before)
      const to = Math.min(count, start + limit - before)
      if (from < to) rows.push(...readRows(this.#path(jobId, shard), codec, { start: from, end: to }))
      before += count
      if (before >= start + limit) break
    }
    return rows
  }

  /** Index of the first row that begins at `offset` or behind; of falling ones, of the first that begins before it. */
  indexOfOffset({ jobId, codec, rowCounts, isDescending }: ResultShape, offset: number): number {
    const isBefore = (at: number): boolean => (isDescending ? at >= offset : at < offset)
    let before = 0
    for (const [shard, count] of rowCounts.entries()) {
      const within = count === 0 ? 0 : this.#countBefore(this.#path(jobId, shard), { codec, count, isBefore })
      if (within < count) return before + within
      before += count
    }
    return before
  }

  density(shape: ResultShape, range: ByteRange, buckets: number): Promise<number[]> {
    const { jobId, codec, rowCounts, isDescending } = shape
    const shards = rowCounts.map((rowCount, shard) => ({ path: this.#path(jobId, shard), rowCount }))
    return densityOf({ shards, codec, isDescending, range, buckets })
  }

  /** Off the event loop, as all removing: a GiB of rows took 0.2 s of it. @throws what the system says. */
  remove(jobId: string): Promise<void> {
    const removing = rm(join(this.#folder, jobId), { recursive: true, force: true })
    const ended = removing.then(
      () => this.#ended(jobId),
      () => this.#ended(jobId),
    )
    this.#removing.set(jobId, ended)
    return removing
  }

  async removeShard(jobId: string, shard: number): Promise<void> {
    await rm(this.#path(jobId, shard), { force: true })
  }

  /** Resolves once nothing of a job is being removed any more, or of all of them. */
  async removed(jobId?: string): Promise<void> {
    await (jobId === undefined ? Promise.all(this.#removing.values()) : this.#removing.get(jobId))
  }

  /** Removes what belongs to no job. For a server that serves nobody yet. */
  keepOnly(jobIds: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder))
      if (!jobIds.has(name)) rmSync(join(this.#folder, name), { recursive: true, force: true })
  }

  #ended(jobId: string): void {
    this.#removing.delete(jobId)
  }

  #path(jobId: string, shard: number): string {
    return join(this.#folder, jobId, `${shard}.rows`)
  }

  #countBefore(
    path: string,
    { codec, count, isBefore }: { codec: RowCodec; count: number; isBefore: (at: number) => boolean },
  ): number {
    return withOffsets(path, codec, (offsetAt) => {
      let low = 0
      let high = count
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (isBefore(offsetAt(middle))) low = middle + 1
        else high = middle
      }
      return low
    })
  }
}
