import type { Inspection } from './format.ts'
import type { FormatReader } from './format_reader.ts'

const END_BYTE_LENGTH = 22
const LONGEST_COMMENT = 65_535

/** How far a ZIP's end is looked for where it is not the file's. */
const REACH_BYTE_LENGTH: number = 64 * 1024 ** 2

const STEP_BYTE_LENGTH = 65_536

/** Compression methods that writers use: stored, shrunk, deflated, deflate64, bzip2, LZMA, Zstandard, XZ, JPEG, WavPack, PPMd, AES. */
const METHODS: readonly number[] = [0, 1, 6, 8, 9, 12, 14, 93, 95, 96, 97, 98, 99]

/**
 * A local header says little; the record at the end says where the directory is, and with that where the archive begins. Every member of an
 * archive begins with such a header: only the one that the directory counts from is a beginning.
 */
export async function inspectZip(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(0, Math.min(30, reader.byteLength))
  if (head === undefined || head.byteLength < END_BYTE_LENGTH) return undefined
  if (head.getUint32(0) === 0x504b0506) {
    const isEmpty = head.getUint32(12, true) === 0 && head.getUint32(16, true) === 0
    const byteLength = END_BYTE_LENGTH + head.getUint16(20, true)
    return isEmpty && byteLength <= reader.byteLength ? { byteLength, isWeak: true } : undefined
  }
  if (head.byteLength < 30) return undefined
  const isSane = (head.getUint16(4, true) & 0xff) <= 63 && METHODS.includes(head.getUint16(8, true))
  const nameByteLength = head.getUint16(26, true)
  if (!isSane || nameByteLength === 0 || nameByteLength > 4_096) return undefined
  const byteLength = (await endInTail(reader)) ?? (await endAhead(reader))
  return byteLength === undefined ? { isWeak: true } : { byteLength }
}

/** The usual case: the archive ends where the file does. */
async function endInTail(reader: FormatReader): Promise<number | undefined> {
  const from = Math.max(0, reader.byteLength - END_BYTE_LENGTH - LONGEST_COMMENT)
  const tail = await reader.bytes(from, reader.byteLength - from)
  if (tail === undefined) return undefined
  for (let at = tail.length - END_BYTE_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue
    const end = await endAt(reader, from + at)
    if (end !== undefined) return end
  }
  return undefined
}

async function endAhead(reader: FormatReader): Promise<number | undefined> {
  const limit = Math.min(reader.byteLength, REACH_BYTE_LENGTH)
  for (let from = 30; from + END_BYTE_LENGTH <= limit; from += STEP_BYTE_LENGTH) {
    const bytes = await reader.upTo(from, STEP_BYTE_LENGTH + 3)
    if (bytes === undefined) return undefined
    const window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (
      let at = window.indexOf('PK\x05\x06', 0, 'latin1');
      at >= 0;
      at = window.indexOf('PK\x05\x06', at + 1, 'latin1')
    ) {
      const end = await endAt(reader, from + at)
      if (end !== undefined) return end
    }
  }
  return undefined
}

/** Where the archive ends when the record there counts from its beginning. */
async function endAt(reader: FormatReader, offset: number): Promise<number | undefined> {
  const record = await reader.view(offset, END_BYTE_LENGTH)
  if (record === undefined) return undefined
  const [byteLength, directory] = [record.getUint32(12, true), record.getUint32(16, true)]
  const end = offset + END_BYTE_LENGTH + record.getUint16(20, true)
  if (end > reader.byteLength) return undefined
  const isLarge = byteLength === 0xffffffff || directory === 0xffffffff
  const isWhole = isLarge ? await hasLargeDirectory(reader, offset) : directory + byteLength === offset
  return isWhole ? end : undefined
}

/** ZIP64: a locator of 20 bytes before the record points to one that has 64-bit numbers. */
async function hasLargeDirectory(reader: FormatReader, offset: number): Promise<boolean> {
  const locator = await reader.view(offset - 20, 20)
  if (locator === undefined || locator.getUint32(0) !== 0x504b0607) return false
  const place = Number(locator.getBigUint64(8, true))
  const record = await reader.view(place, 56)
  if (record === undefined || record.getUint32(0) !== 0x504b0606) return false
  return Number(record.getBigUint64(40, true) + record.getBigUint64(48, true)) === place
}
