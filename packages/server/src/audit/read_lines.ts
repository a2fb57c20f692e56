import { createReadStream } from 'node:fs'

const LINE_END = 0x0a
const WINDOW_BYTE_LENGTH = 1024 ** 2

export interface RawLine {
  /** Without its end. */
  readonly bytes: Buffer
  /** False for what stands behind the last line's end. */
  readonly isEnded: boolean
}

/** The lines of a file of any length, as bytes: a torn one need not be UTF-8. */
export async function* readLines(path: string): AsyncGenerator<RawLine> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: WINDOW_BYTE_LENGTH })) {
    const bytes: Buffer = chunk
    let start = 0
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
      yield { bytes: Buffer.concat([...rest, bytes.subarray(start, end)]), isEnded: true }
      rest = []
      start = end + 1
    }
    if (start < bytes.length) rest.push(bytes.subarray(start))
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), isEnded: false }
}
