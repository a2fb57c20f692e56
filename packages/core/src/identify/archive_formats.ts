import { crc32, inflateRawSync, constants as zlib } from 'node:zlib'
import { ascii, type Format, header, hex, type Inspection, isPowerOfTwo, sized, textAt } from './format.ts'
import type { FormatReader } from './format_reader.ts'
import { inspectZip } from './zip_format.ts'

const MOST_STEPS = 100_000

export const ARCHIVE_FORMATS: readonly Format[] = [
  {
    name: 'zip',
    title: 'ZIP archive',
    extension: 'zip',
    mime: 'application/zip',
    magic: [hex(0, '50 4B 03 04'), hex(0, '50 4B 05 06 00 00 00 00 00 00 00 00')],
    inspect: inspectZip,
  },
  {
    name: 'gzip',
    title: 'gzip data',
    extension: 'gz',
    mime: 'application/gzip',
    magic: [hex(0, '1F 8B 08 00/E0 ??*4 00/F9')],
    inspect: inspectGzip,
  },
  {
    name: 'xz',
    title: 'XZ data',
    extension: 'xz',
    mime: 'application/x-xz',
    magic: [hex(0, 'FD 37 7A 58 5A 00')],
    inspect: header(12, (view) => {
      const flags = new Uint8Array(view.buffer, view.byteOffset + 6, 2)
      return crc32(flags) === view.getUint32(8, true) ? {} : undefined
    }),
  },
  {
    name: 'bzip2',
    title: 'bzip2 data',
    extension: 'bz2',
    mime: 'application/x-bzip2',
    magic: [hex(0, '42 5A 68 ?? 31 41 59 26 53 59'), hex(0, '42 5A 68 ?? 17 72 45 38 50 90')],
    inspect: header(4, (view) => (view.getUint8(3) >= 0x31 && view.getUint8(3) <= 0x39 ? {} : undefined)),
  },
  {
    name: 'zstd',
    title: 'Zstandard data',
    extension: 'zst',
    mime: 'application/zstd',
    magic: [hex(0, '28 B5 2F FD')],
    inspect: inspectZstd,
  },
  {
    name: 'lz4',
    title: 'LZ4 data',
    extension: 'lz4',
    mime: 'application/x-lz4',
    magic: [hex(0, '04 22 4D 18')],
    inspect: inspectLz4,
  },
  {
    name: '7z',
    title: '7-Zip archive',
    extension: '7z',
    mime: 'application/x-7z-compressed',
    magic: [hex(0, '37 7A BC AF 27 1C')],
    inspect: header(32, (view, remaining) => {
      const isWhole = crc32(new Uint8Array(view.buffer, view.byteOffset + 12, 20)) === view.getUint32(8, true)
      const end = 32n + view.getBigUint64(12, true) + view.getBigUint64(20, true)
      return isWhole ? sized(Number(end), remaining) : undefined
    }),
  },
  {
    name: 'rar',
    title: 'RAR archive',
    extension: 'rar',
    mime: 'application/vnd.rar',
    magic: [hex(0, '52 61 72 21 1A 07 00'), hex(0, '52 61 72 21 1A 07 01 00')],
    inspect: header(12, (view) => (view.getUint8(6) === 1 || view.getUint8(9) === 0x73 ? {} : undefined)),
  },
  {
    name: 'tar',
    title: 'tar archive',
    extension: 'tar',
    mime: 'application/x-tar',
    magic: [ascii(257, 'ustar\x0000'), ascii(257, 'ustar  \0')],
    repeatsMagic: true,
    inspect: inspectTar,
  },
  {
    name: 'cpio',
    title: 'cpio archive',
    extension: 'cpio',
    mime: 'application/x-cpio',
    magic: [ascii(0, '070701'), ascii(0, '070702')],
    repeatsMagic: true,
    inspect: inspectCpio,
  },
  {
    name: 'ar',
    title: 'ar archive',
    extension: 'a',
    mime: 'application/x-archive',
    magic: [ascii(0, '!<arch>\n')],
    inspect: inspectAr,
  },
  {
    name: 'cab',
    title: 'Windows cabinet',
    extension: 'cab',
    mime: 'application/vnd.ms-cab-compressed',
    magic: [ascii(0, 'MSCF\0\0\0\0')],
    inspect: header(28, (view, remaining) =>
      view.getUint8(25) === 1 && view.getUint8(24) <= 3 ? sized(view.getUint32(8, true), remaining) : undefined,
    ),
  },
  {
    name: 'squashfs',
    title: 'SquashFS file system',
    extension: 'squashfs',
    mime: 'application/vnd.squashfs',
    magic: [ascii(0, 'hsqs')],
    inspect: header(48, (view, remaining) => {
      const blockByteLength = view.getUint32(12, true)
      const isVersion4 = view.getUint16(28, true) === 4 && view.getUint16(30, true) === 0
      const isSane = isPowerOfTwo(blockByteLength) && blockByteLength === 2 ** view.getUint16(22, true)
      return isVersion4 && isSane ? sized(Number(view.getBigUint64(40, true)), remaining) : undefined
    }),
  },
  {
    name: 'cramfs',
    title: 'cramfs file system',
    extension: 'cramfs',
    mime: 'application/x-cramfs',
    magic: [hex(0, '45 3D CD 28'), hex(0, '28 CD 3D 45')],
    inspect: header(32, (view, remaining) => {
      if (textAt(view, 16, 16) !== 'Compressed ROMFS') return undefined
      return sized(view.getUint32(4, view.getUint8(0) === 0x45), remaining)
    }),
  },
]

async function inspectGzip(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(0, 10)
  if (head === undefined) return undefined
  const [flags, extra, system] = [head.getUint8(3), head.getUint8(8), head.getUint8(9)]
  const isSane = (flags & 0xe0) === 0 && [0, 2, 4].includes(extra) && (system <= 13 || system === 255)
  const bytes = isSane ? await reader.upTo(0, 8_192) : undefined
  return bytes !== undefined && inflates(bytes.subarray(gzipHeaderByteLength(bytes))) ? {} : undefined
}

/** Ten bytes, and what their flags say: an extra field, a name, a comment, a checksum. */
function gzipHeaderByteLength(bytes: Uint8Array): number {
  const flags = bytes[3] as number
  let at = 10
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = Math.max(0, bytes.indexOf(0, at)) + 1
  return (flags & 2) === 0 ? at : at + 2
}

/** Whether the first bytes of a stream can be unpacked; three bytes of magic are met by chance once in 16 MiB. What follows its end is not looked at. */
function inflates(bytes: Uint8Array): boolean {
  try {
    inflateRawSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 65_536 })
    return bytes.length > 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

async function inspectZstd(reader: FormatReader): Promise<Inspection | undefined> {
  const descriptor = (await reader.view(4, 1))?.getUint8(0)
  if (descriptor === undefined || (descriptor & 0x08) !== 0) return undefined
  const isSingle = (descriptor & 0x20) !== 0
  const sizeByteLength = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  const dictionaryByteLength = [0, 1, 2, 4][descriptor & 3] as number
  let at = 5 + (isSingle ? 0 : 1) + dictionaryByteLength + sizeByteLength
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const block = await reader.bytes(at, 3)
    if (block === undefined) return steps > 0 ? {} : undefined
    const word = (block[0] as number) | ((block[1] as number) << 8) | ((block[2] as number) << 16)
    const kind = (word >> 1) & 3
    const byteLength = word >> 3
    if (kind === 3 || byteLength > 131_072) return undefined
    at += 3 + (kind === 1 ? 1 : byteLength)
    if ((word & 1) !== 0) return sized(at + ((descriptor & 4) === 0 ? 0 : 4), reader.byteLength)
  }
  return {}
}

async function inspectLz4(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(4, 2)
  if (head === undefined) return undefined
  const [flags, block] = [head.getUint8(0), head.getUint8(1)]
  if (flags >> 6 !== 1 || (flags & 2) !== 0 || (block & 0x8f) !== 0 || block >> 4 < 4) return undefined
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4)
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const word = (await reader.view(at, 4))?.getUint32(0, true)
    if (word === undefined) return steps > 0 ? {} : undefined
    at += 4
    if (word === 0) return sized(at + ((flags & 4) === 0 ? 0 : 4), reader.byteLength)
    const byteLength = word & 0x7fffffff
    if (byteLength > 2 ** (8 + 2 * (block >> 4))) return undefined
    at += byteLength + ((flags & 16) === 0 ? 0 : 4)
  }
  return {}
}

async function inspectTar(reader: FormatReader): Promise<Inspection | undefined> {
  for (let at = 0, steps = 0; steps < MOST_STEPS; steps++) {
    const block = await reader.bytes(at, 512)
    if (block === undefined) return steps > 0 ? sized(at, reader.byteLength) : undefined
    if (block.every((byte) => byte === 0)) return sized(await afterZeroBlocks(reader, at), reader.byteLength)
    const byteLength = tarMemberByteLength(block)
    if (byteLength === undefined) return steps > 0 ? sized(at, reader.byteLength) : undefined
    at += 512 + Math.ceil(byteLength / 512) * 512
  }
  return {}
}

/** The end mark is two blocks of zeros; writers pad it to 20 blocks, which belong to the archive as well. */
async function afterZeroBlocks(reader: FormatReader, from: number): Promise<number> {
  const end = Math.ceil((from + 1_024) / 10_240) * 10_240
  for (let at = from; at < end; at += 512) {
    const block = await reader.bytes(at, 512)
    if (block === undefined || block.some((byte) => byte !== 0)) return Math.min(reader.byteLength, Math.max(at, from))
  }
  return end
}

function tarMemberByteLength(block: Uint8Array): number | undefined {
  const digits = String.fromCharCode(...block.subarray(124, 136)).replace(/[\0 ]+$/, '')
  const checksum = Number.parseInt(String.fromCharCode(...block.subarray(148, 156)), 8)
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  if (sum !== checksum) return undefined
  if (((block[124] as number) & 0x80) !== 0)
    return block.subarray(125, 136).reduce((total, byte) => total * 256 + byte, 0)
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined
}

async function inspectCpio(reader: FormatReader): Promise<Inspection | undefined> {
  for (let at = 0, steps = 0; steps < MOST_STEPS; steps++) {
    const head = await reader.bytes(at, 110)
    const text = head === undefined ? '' : String.fromCharCode(...head)
    if (!/^07070[12][0-9a-f]{104}$/i.test(text)) return steps > 0 ? {} : undefined
    const [byteLength, nameByteLength] = [54, 94].map((from) => Number.parseInt(text.slice(from, from + 8), 16)) as [
      number,
      number,
    ]
    const name = await reader.bytes(at + 110, Math.min(nameByteLength, 4_096))
    if (name === undefined) return steps > 0 ? {} : undefined
    at = Math.ceil((at + 110 + nameByteLength) / 4) * 4
    at = Math.ceil((at + byteLength) / 4) * 4
    if (String.fromCharCode(...name) === 'TRAILER!!!\0') return sized(at, reader.byteLength)
  }
  return {}
}

async function inspectAr(reader: FormatReader): Promise<Inspection | undefined> {
  let at = 8
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const head = await reader.view(at, 60)
    const isMember = head !== undefined && head.getUint16(58) === 0x600a
    const byteLength = isMember ? Number(textAt(head, 48, 10).trim()) : Number.NaN
    if (!Number.isSafeInteger(byteLength)) return steps > 0 ? sized(at, reader.byteLength) : undefined
    // Members begin at even offsets; the last one may go without its padding.
    at = Math.min(at + 60 + byteLength + (byteLength % 2), Math.max(reader.byteLength, at + 60 + byteLength))
  }
  return {}
}
