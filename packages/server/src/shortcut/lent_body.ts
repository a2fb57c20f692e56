import type { ServerResponse } from 'node:http'
import { type BytesLoan, type FileStatus, MAX_LOAN_BYTE_LENGTH } from '@mapscope/core'
import type { ByteRange } from '@mapscope/protocol'
import { nextSlice } from '../delivery/piece.ts'
import type { SharedSource } from '../delivery/shared_sources.ts'
import { isSameStatus } from '../documents/disk.ts'
import type { Body } from './body.ts'
import { endWritten, takeOver } from './taken_response.ts'

interface LentBodyOptions {
  readonly range: ByteRange
  readonly status: FileStatus
  readonly shared: SharedSource
  readonly loan: BytesLoan
  /** What follows the loan. */
  readonly tail: Buffer
}

/**
 * A range in memory, lent to the connection but for its last page, which is a copy: known to be true before anything is sent, and sent when the lent
 * bytes are known to have been (see `nextSlice`).
 */
export class LentBody implements Body {
  readonly lentByteLength: number
  isChanged = false
  handedEnd: number
  readonly #options: LentBodyOptions

  private constructor(options: LentBodyOptions) {
    this.#options = options
    this.handedEnd = options.range.start
    this.lentByteLength = options.range.end - options.range.start
  }

  /** Undefined when some of it is not in memory, or cannot be lent. Takes `shared` over only when it gives a body. */
  static of(range: ByteRange, status: FileStatus, shared: SharedSource): LentBody | undefined {
    const { direct } = shared.source
    if (direct === undefined || range.end - range.start > MAX_LOAN_BYTE_LENGTH || !direct.isInMemory(range))
      return undefined
    const lent = nextSlice(range)
    const tail = Buffer.allocUnsafeSlow(range.end - lent.end)
    if (!direct.copyInMemory(lent.end, tail)) return undefined
    const loan = direct.lend(lent)
    return loan && new LentBody({ range, status, shared, loan, tail })
  }

  send(response: ServerResponse, head: string): void {
    const { range, loan, tail } = this.#options
    const socket = takeOver(response)
    if (socket === null) return
    socket.cork()
    socket.write(head, 'latin1')
    socket.write(loan.bytes, (error) => {
      if (isLost(error) || socket.destroyed) return
      this.handedEnd = range.end - tail.length
      if (!this.#isTrue()) {
        this.isChanged = true
        response.destroy()
        return
      }
      socket.write(tail, (failure) => {
        if (isLost(failure)) return
        this.handedEnd = range.end
        endWritten(response)
      })
    })
    socket.uncork()
  }

  /** The connection is closed or has it all: the system reads from the loan no more. */
  release(): void {
    this.#options.loan.release()
    this.#options.shared.release()
  }

  #isTrue(): boolean {
    const { loan, shared, status } = this.#options
    return loan.isTrue() && isSameStatus(shared.source.status(), status)
  }
}

function isLost(error: Error | null | undefined): boolean {
  return error !== null && error !== undefined
}
