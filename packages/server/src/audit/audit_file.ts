import { closeSync, constants, fdatasync, fdatasyncSync, fstatSync, openSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { because } from '../errno.ts'
import { AuditError } from './audit_error.ts'
import { type AuditFacts, type AuditHead, formatLine, lineClock } from './line.ts'
import { lockTrail } from './lock.ts'
import { isSettledBehind } from './open_edits.ts'
import { beginNextFile } from './rotate.ts'
import { readTail } from './tail.ts'
import { exists, putAwayFiles, settleTrailFiles } from './trail_files.ts'
import { ENDS } from './unsettled.ts'

const writeTo = promisify(write)
const syncData = promisify(fdatasync)

/** Lines waiting for a disk that takes none; more are counted and lost, for memory is needed for other things as well. */
const MAX_WAITING_BYTE_LENGTH = 16 * 1024 ** 2

export interface RotationOptions {
  /** A file that has grown to this is put away, and the chain goes on in another; 0: never. */
  readonly maxByteLength: number
  /** It cannot be put away: the trail goes on in it. Called once for each time that it begins. */
  readonly onFailure: (error: unknown) => void
}

const NO_ROTATION: RotationOptions = { maxByteLength: 0, onFailure: () => undefined }

interface OpenedTrail {
  readonly fd: number
  readonly unlock: () => void
  readonly rotation: RotationOptions
}

/**
 * The file of a trail: lines are chained when they are appended, written and synced when they are flushed. O_APPEND: nothing that
 * is in it is ever written over. A write that fails half-way is gone on with where it stopped, so a full disk tears no line.
 */
export class AuditFile {
  readonly path: string
  readonly #rotation: RotationOptions
  #fd: number
  #byteLength: number
  #isRotationFailing = false
  readonly #unlock: () => void
  #head: AuditHead
  #waiting: Buffer[] = []
  #waitingByteLength = 0
  #lostCount = 0
  #failure: Error | undefined
  #flushing: Promise<void> = Promise.resolve()
  /** Edits whose beginning is in the trail, and whose end is not. */
  readonly #openEdits: Set<string> = new Set()
  /** Those of earlier runs are to be looked for: `openEdits`. */
  readonly isEndedWell: boolean

  private constructor(path: string, { fd, unlock, rotation }: OpenedTrail) {
    this.path = path
    this.#fd = fd
    this.#unlock = unlock
    this.#rotation = rotation
    this.#byteLength = fstatSync(fd).size
    const { head, last, torn, isUnended } = readTail(fd)
    this.isEndedWell = last === undefined ? torn === undefined : isSettledBehind(last) && torn === undefined
    // The first line of a file that goes on with others is there before the file has its name.
    if (head.sequence === 0 && putAwayFiles(path).length > 0) throw missing(path)
    this.#head = head
    // Torn bytes become a line of their own, and the next line tells of them.
    if (torn !== undefined || isUnended) this.#push(Buffer.from('\n'))
    if (torn !== undefined) this.append({ kind: 'torn', who: 'server', server: torn })
  }

  /** @throws AuditError when it cannot be opened, is in use, or does not end as a trail does. */
  static open(path: string, rotation: RotationOptions = NO_ROTATION): AuditFile {
    const unlock = lockTrail(path)
    let fd: number | undefined
    try {
      settleTrailFiles(path)
      if (!exists(path) && putAwayFiles(path).length > 0) throw missing(path)
      fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600)
      return new AuditFile(path, { fd, unlock, rotation })
    } catch (error) {
      if (fd !== undefined) closeSync(fd)
      unlock()
      const reason = because(error)
      const message = error instanceof Error ? error.message : String(error)
      throw new AuditError(reason === '' ? `${path}: ${message}` : `${path} cannot be used${reason}`, { cause: error })
    }
  }

  /** The last line that was appended; on the disk after the next flush. */
  get head(): AuditHead {
    return this.#head
  }

  /** Why the last flush failed; `undefined` as soon as one has gone well. */
  get failure(): Error | undefined {
    return this.#failure
  }

  get openEditCount(): number {
    return this.#openEdits.size
  }

  /** Edits of earlier runs that have no end yet. */
  adopt(editIds: Iterable<string>): void {
    for (const editId of editIds) this.#openEdits.add(editId)
  }

  append(facts: AuditFacts): void {
    if (this.#waitingByteLength > MAX_WAITING_BYTE_LENGTH) {
      this.#lostCount++
      return
    }
    this.#tellLost()
    this.#appendLine(facts)
  }

  /** Writes and syncs all that was appended before. Rejects when that fails; the lines wait for the next time. */
  flush(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#flush())
    this.#flushing = flushed.catch(() => undefined)
    return flushed
  }

  async close(): Promise<void> {
    try {
      await this.flush()
    } finally {
      closeSync(this.#fd)
      this.#unlock()
    }
  }

  #tellLost(): void {
    if (this.#lostCount === 0) return
    const count = this.#lostCount
    this.#lostCount = 0
    this.#appendLine({ kind: 'lost', who: 'server', server: { count, why: this.#failure?.message ?? 'unknown' } })
  }

  #appendLine(facts: AuditFacts): void {
    const { text, head } = formatLine(facts, this.#head, lineClock())
    this.#head = head
    this.#push(Buffer.from(text))
    const { editId } = facts.server
    if (typeof editId !== 'string') return
    if (facts.kind === 'editing') this.#openEdits.add(editId)
    else if (ENDS.has(facts.kind)) this.#openEdits.delete(editId)
  }

  #push(bytes: Buffer): void {
    this.#waiting.push(bytes)
    this.#waitingByteLength += bytes.length
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return
    try {
      await this.#writeWaiting()
      if (this.#isToRotate) this.#rotate()
      else await syncData(this.#fd)
      this.#failure = undefined
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
      throw this.#failure
    }
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      let bytes = Buffer.concat(this.#waiting)
      this.#waiting = [bytes]
      const { bytesWritten } = await writeTo(this.#fd, bytes)
      bytes = bytes.subarray(bytesWritten)
      // What was appended meanwhile stands behind it.
      this.#waiting.shift()
      if (bytes.length > 0) this.#waiting.unshift(bytes)
      this.#waitingByteLength -= bytesWritten
      this.#byteLength += bytesWritten
    }
  }

  /** Not with lines waiting: they are chained already, and another one cannot come between. */
  get #isToRotate(): boolean {
    const { maxByteLength } = this.#rotation
    return maxByteLength > 0 && this.#byteLength >= maxByteLength && this.#waiting.length === 0
  }

  /** Synced; and then gone on with in another file, if that can be had. Held up by it are a few milliseconds, once in a quarter of a GiB. */
  #rotate(): void {
    fdatasyncSync(this.#fd)
    try {
      const { fd, head, byteLength } = beginNextFile(this.path, this.#head, this.#openEdits.size)
      const old = this.#fd
      this.#fd = fd
      this.#head = head
      this.#byteLength = byteLength
      this.#isRotationFailing = false
      closeSync(old)
    } catch (error) {
      if (!this.#isRotationFailing) this.#rotation.onFailure(error)
      this.#isRotationFailing = true
    }
  }
}

function missing(path: string): Error {
  return new Error(
    `earlier files of this trail are there (${path}.…), and the one they lead to is gone or empty: put it back, or name another trail`,
  )
}
