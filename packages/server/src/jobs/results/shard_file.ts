import { closeSync, constants, fdatasync, openSync, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import type { HitBatch } from '@mapscope/core'
import type { JobRow } from '@mapscope/protocol'
import { stateProblem } from '../state_problem.ts'
import type { RowCodec } from './row_codec.ts'

/** Rows go out in pieces of this many bytes: what a job holds in memory of its results. */
const BUFFER_BYTE_LENGTH: number = 64 * 1024

const syncData = promisify(fdatasync)

/** The rows of one shard while it is worked on. Written anew from the start: a shard that is done twice leaves what it left the first time. */
export class ShardWriter {
  readonly #codec: RowCodec
  readonly #path: string
  readonly #view: DataView<ArrayBuffer>
  /** Made with the first row: most shards have none. */
  #fd: number | undefined
  #bufferedCount = 0
  #writtenCount = 0

  constructor(path: string, codec: RowCodec) {
    this.#path = path
    this.#codec = codec
    const rows = Math.max(1, Math.floor(BUFFER_BYTE_LENGTH / codec.rowByteLength))
    this.#view = new DataView(new ArrayBuffer(rows * codec.rowByteLength))
  }

  get rowCount(): number {
    return this.#writtenCount + this.#bufferedCount
  }

  get byteLength(): number {
    return this.rowCount * this.#codec.rowByteLength
  }

  add(row: JobRow): void {
    this.#codec.encode(row, this.#view, this.#bufferedCount * this.#codec.rowByteLength)
    this.#count(1)
  }

  /** The same for codecs that have `encodeHits`. */
  addHits(hits: HitBatch): void {
    const { rowByteLength } = this.#codec
    const fitting = this.#view.byteLength / rowByteLength
    for (let from = 0; from < hits.length; ) {
      const part = hits.slice(from, from + fitting - this.#bufferedCount)
      this.#codec.encodeHits?.(part, this.#view, this.#bufferedCount * rowByteLength)
      this.#count(part.length)
      from += part.length
    }
  }

  #count(rows: number): void {
    this.#bufferedCount += rows
    if ((this.#bufferedCount + 1) * this.#codec.rowByteLength > this.#view.byteLength) this.flush()
  }

  /** To the file, where readers of a running job find them. @throws ProblemError `ERR_OS`. */
  flush(): void {
    if (this.#bufferedCount === 0) return
    const { rowByteLength } = this.#codec
    const bytes = new Uint8Array(this.#view.buffer, 0, this.#bufferedCount * rowByteLength)
    try {
      this.#fd ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600)
      const position = this.#writtenCount * rowByteLength
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done)
    } catch (error) {
      throw stateProblem(error)
    }
    this.#writtenCount += this.#bufferedCount
    this.#bufferedCount = 0
  }

  /** Resolves once all rows survive a crash. */
  async sync(): Promise<void> {
    this.flush()
    if (this.#fd === undefined) return
    try {
      await syncData(this.#fd)
    } catch (error) {
      throw stateProblem(error)
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

/** Rows `start` to `end` of a shard's file. */
export function readRows(path: string, codec: RowCodec, { start, end }: { start: number; end: number }): JobRow[] {
  const { rowByteLength } = codec
  const view = new DataView(new ArrayBuffer((end - start) * rowByteLength))
  readAll(path, new Uint8Array(view.buffer), start * rowByteLength)
  return Array.from({ length: end - start }, (_, index) => codec.decode(view, index * rowByteLength))
}

/** The offsets that rows begin with, one at a time from one open file. */
export function withOffsets<T>(path: string, codec: RowCodec, use: (offsetAt: (index: number) => number) => T): T {
  const view = new DataView(new ArrayBuffer(8))
  const bytes = new Uint8Array(view.buffer)
  return withFile(path, (fd) =>
    use((index) => {
      readFrom(fd, bytes, index * codec.rowByteLength)
      return view.getFloat64(0, true)
    }),
  )
}

/** The offsets that rows begin with, several at a time, until it is closed. */
export interface OffsetReader {
  read(start: number, count: number): Float64Array
  close(): void
}

export function openOffsets(path: string, { rowByteLength }: RowCodec): OffsetReader {
  const fd = openRows(path)
  const read = (start: number, count: number): Float64Array => {
    // Of the last row only the offset.
    const view = new DataView(new ArrayBuffer((count - 1) * rowByteLength + 8))
    try {
      readFrom(fd, new Uint8Array(view.buffer), start * rowByteLength)
    } catch (error) {
      throw stateProblem(error)
    }
    return Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * rowByteLength, true))
  }
  return { read, close: () => closeSync(fd) }
}

function openRows(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY)
  } catch (error) {
    throw stateProblem(error)
  }
}

function readAll(path: string, bytes: Uint8Array, position: number): void {
  if (bytes.length > 0) withFile(path, (fd) => readFrom(fd, bytes, position))
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY)
    return use(fd)
  } catch (error) {
    throw stateProblem(error)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function readFrom(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(fd, bytes, done, bytes.length - done, position + done)
    if (count === 0) throw new Error('rows of a result are gone from the disk; run the job again')
    done += count
  }
}
