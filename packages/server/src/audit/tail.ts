import { fstatSync, readSync } from 'node:fs'
import { type AuditHead, type AuditLine, FIRST_PREVIOUS, parseLineBytes, sha256 } from './line.ts'

/** Where a chain ends, and what lies behind its end. */
export interface AuditTail {
  readonly head: AuditHead
  /** The last whole line; undefined: there is none. */
  readonly last: AuditLine | undefined
  /** Bytes behind the last whole line: a write that a crash cut. */
  readonly torn: { readonly byteLength: number; readonly sha256: string } | undefined
  /** The last line is whole and only its end is missing. */
  readonly isUnended: boolean
}

/** Longer than any line: 4,096 ranges of two 16-digit numbers. */
const WINDOW_BYTE_LENGTH = 1024 ** 2
const NOTHING: AuditHead = { sequence: 0, hash: FIRST_PREVIOUS }
const FIRST_LINE = '{"sequence":1,'

/**
 * Finds the end of the chain in an open file.
 *
 * @throws Error when the file ends with something that is no line of an audit trail: it is not for us to append to.
 */
export function readTail(fd: number): AuditTail {
  const { size } = fstatSync(fd)
  if (size === 0) return { head: NOTHING, last: undefined, torn: undefined, isUnended: false }
  const window = readWindow(fd, size)
  const wholeEnd = window.lastIndexOf(0x0a) + 1
  const rest = window.subarray(wholeEnd)
  const unended = parseLineBytes(rest)
  if (unended !== undefined) return { head: headOf(unended), last: unended, torn: undefined, isUnended: true }
  const torn = rest.length === 0 ? undefined : { byteLength: rest.length, sha256: sha256(rest) }
  if (wholeEnd === 0 && size > WINDOW_BYTE_LENGTH) throw notOurs()
  if (wholeEnd === 0) {
    // Only the first line ever may be torn: no file of somebody else's is appended to.
    const beginning = rest.subarray(0, FIRST_LINE.length).toString()
    if (!FIRST_LINE.startsWith(beginning)) throw notOurs()
    return { head: NOTHING, last: undefined, torn, isUnended: false }
  }
  const start = window.lastIndexOf(0x0a, wholeEnd - 2) + 1
  const last = parseLineBytes(window.subarray(start, wholeEnd - 1))
  if (last === undefined) throw notOurs()
  return { head: headOf(last), last, torn, isUnended: false }
}

function headOf({ sequence, hash }: AuditLine): AuditHead {
  return { sequence, hash }
}

function readWindow(fd: number, size: number): Buffer {
  const window = Buffer.alloc(Math.min(size, WINDOW_BYTE_LENGTH))
  let length = 0
  while (length < window.length) {
    const count = readSync(fd, window, length, window.length - length, size - window.length + length)
    if (count === 0) break
    length += count
  }
  return window.subarray(0, length)
}

function notOurs(): Error {
  return new Error(
    'it does not end with an intact line of an audit trail; check it with mapscope audit verify, put it away and begin another',
  )
}
