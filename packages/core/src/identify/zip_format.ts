import type { Inspection } from './format.ts'
import type { FormatReader } from './format_reader.ts'
import { END_BYTE_LENGTH, ZipEnds } from './zip_ends.ts'

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
  const end = await reader.remembered(ZipEnds).endOf(reader.start)
  return end === undefined ? { isWeak: true } : { byteLength: end - reader.start }
}
