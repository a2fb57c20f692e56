/** Room for a head: the headers of an answer with a long name are 2 KiB. */
export const HEAD_ROOM = 4096
/** Sheets for bodies up to this are made once and used again: V8 allocates each off its heap, for longer than copying 4 KiB takes. */
const KEPT_BYTE_LENGTH: number = 4 * 1024
/** Answers at once need one; the others are of slow clients. */
const MAX_SPARE_COUNT = 64

/** Memory for one answer: a body, and before it as much of the head as there is. */
export interface Sheet {
  readonly memory: Buffer
  readonly body: Buffer
}

/** Sheets that nobody writes to a socket any more. */
export class Sheets {
  readonly #spare: Sheet[] = []

  take(byteLength: number): Sheet {
    const spare = byteLength <= KEPT_BYTE_LENGTH ? this.#spare.pop() : undefined
    if (spare?.body.length === byteLength) return spare
    const memory = spare?.memory ?? Buffer.allocUnsafeSlow(HEAD_ROOM + Math.max(KEPT_BYTE_LENGTH, byteLength))
    return { memory, body: memory.subarray(HEAD_ROOM, HEAD_ROOM + byteLength) }
  }

  giveBack(sheet: Sheet): void {
    const isKept = sheet.memory.length === HEAD_ROOM + KEPT_BYTE_LENGTH
    if (isKept && this.#spare.length < MAX_SPARE_COUNT) this.#spare.push(sheet)
  }
}

/** Head and body in one piece. The head has at most `HEAD_ROOM` signs, all of ASCII. */
export function joined({ memory, body }: Sheet, head: string): Buffer {
  const start = HEAD_ROOM - head.length
  memory.write(head, start, 'latin1')
  return memory.subarray(start, HEAD_ROOM + body.length)
}
