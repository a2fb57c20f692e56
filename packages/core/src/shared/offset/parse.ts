import { decimalFraction, type ParsedCount, parseCount } from './number.ts'

/** Where a person wants to go, or a sentence that tells what to change. */
export type ParsedOffset = { readonly offset: number } | { readonly problem: string }

export interface OffsetContext {
  /** Length of the file, in bytes. */
  readonly byteLength: number
  /** Where the caret is: what `+n` and `-n` count from. */
  readonly caret: number
}

const PERCENT = /^([0-9][0-9_]*)(?:\.([0-9]{1,20}))?\s*%$/
const RELATIVE = /^([+-])\s*(.+)$/
const FROM_END = /^(?:end|\$)(?:\s*([+-])\s*(.+))?$/i

/**
 * The go-to grammar.
 *
 * | Written | Goes to |
 * |---|---|
 * | `1234`, `1_000` | that offset, decimal |
 * | `0x1F`, `1Fh`, `$1F` | that offset, hexadecimal; `_` may stand between digits |
 * | `4k`, `10M`, `1.5Gi`, `2TiB` | units k, M, G, T: always of 1024, with or without the `i`, upper or lower case; a part of a byte is dropped. `4kB` is refused, as it may mean thousands |
 * | `42%`, `99.9%` | that share of the file, rounded down to a byte; `100%` is the last byte |
 * | `+n`, `-n` | n bytes after or before the caret, n in any form but percent |
 * | `end`, `$` | the last byte |
 * | `end-n`, `$-n` | n bytes before the end of the file: `end-1` is the last byte, `end-16` where the last 16 begin |
 *
 * Nothing is clamped: a place outside the file is a problem that names the last offset. Never throws.
 */
export function parseOffset(text: string, context: OffsetContext): ParsedOffset {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'Type an offset: 1234, 0x1F, 42%, +16, -16, end or end-0x40.' }
  if (context.byteLength === 0) return { problem: 'The file is empty; there is no offset to go to.' }
  const target = targetOf(trimmed, context)
  return 'problem' in target ? target : insideFile(target.count, context.byteLength)
}

function targetOf(text: string, { byteLength, caret }: OffsetContext): ParsedCount {
  const percent = PERCENT.exec(text)
  if (percent !== null) return percentOf(percent[1] as string, percent[2] ?? '', byteLength)
  const fromEnd = FROM_END.exec(text)
  if (fromEnd !== null) return beforeEnd(fromEnd[1], fromEnd[2], byteLength)
  const relative = RELATIVE.exec(text)
  if (relative === null) return parseCount(text)
  return shifted(BigInt(caret), relative[1] as string, relative[2] as string)
}

/** In integers throughout: doubles would not be monotone near the end of a file of petabytes. */
function percentOf(whole: string, fraction: string, byteLength: number): ParsedCount {
  const { numerator, denominator } = decimalFraction(whole, fraction)
  if (numerator > 100n * denominator) return { problem: 'Percentages go from 0% to 100%.' }
  const count = (numerator * BigInt(byteLength)) / (100n * denominator)
  const last = BigInt(byteLength - 1)
  return { count: count < last ? count : last }
}

function beforeEnd(sign: string | undefined, text: string | undefined, byteLength: number): ParsedCount {
  if (sign === undefined || text === undefined) return { count: BigInt(byteLength - 1) }
  return shifted(BigInt(byteLength), sign, text)
}

function shifted(base: bigint, sign: string, text: string): ParsedCount {
  const parsed = parseCount(text)
  if ('problem' in parsed) return parsed
  return { count: sign === '+' ? base + parsed.count : base - parsed.count }
}

function insideFile(count: bigint, byteLength: number): ParsedOffset {
  const last = byteLength - 1
  if (count >= 0n && count <= BigInt(last)) return { offset: Number(count) }
  const side = count < 0n ? 'before the start of the file' : 'past the end of the file'
  return { problem: `That is ${side}; the last offset is ${last} (0x${last.toString(16).toUpperCase()}).` }
}
