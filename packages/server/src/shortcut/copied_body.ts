import type { ServerResponse } from 'node:http'
import type { ByteRange } from '@mapscope/protocol'
import type { Body } from './body.ts'
import { joined, type Sheet, type Sheets } from './sheets.ts'
import { endWritten, takeOver } from './taken_response.ts'

/** A short range, copied and known to be true: one write, head and all. */
export class CopiedBody implements Body {
  readonly lentByteLength = 0
  readonly isChanged = false
  handedEnd: number
  readonly #range: ByteRange
  readonly #sheet: Sheet
  readonly #sheets: Sheets

  constructor(range: ByteRange, sheet: Sheet, sheets: Sheets) {
    this.#range = range
    this.#sheet = sheet
    this.#sheets = sheets
    this.handedEnd = range.start
  }

  send(response: ServerResponse, head: string): void {
    takeOver(response)?.write(joined(this.#sheet, head), (error) => {
      if (error !== null && error !== undefined) return
      this.handedEnd = this.#range.end
      this.#sheets.giveBack(this.#sheet)
      endWritten(response)
    })
  }

  release(): void {
    // A sheet that was not handed may still be read from.
  }
}
