import { ascii, type Format, header, hex, type Inspection, sized } from './format.ts'
import type { FormatReader } from './format_reader.ts'

/** Chunks, segments or blocks of one file that are walked for its length: a larger one is known, but not how long it is. */
const MOST_STEPS = 100_000

export const IMAGE_FORMATS: readonly Format[] = [
  {
    name: 'png',
    title: 'PNG image',
    extension: 'png',
    mime: 'image/png',
    magic: [hex(0, '89 50 4E 47 0D 0A 1A 0A')],
    inspect: inspectPng,
  },
  {
    name: 'gif',
    title: 'GIF image',
    extension: 'gif',
    mime: 'image/gif',
    magic: [ascii(0, 'GIF87a'), ascii(0, 'GIF89a')],
    inspect: inspectGif,
  },
  {
    name: 'jpeg',
    title: 'JPEG image',
    extension: 'jpg',
    mime: 'image/jpeg',
    magic: [hex(0, 'FF D8 FF C0/C0')],
    inspect: inspectJpeg,
  },
  {
    name: 'bmp',
    title: 'Windows bitmap',
    extension: 'bmp',
    mime: 'image/bmp',
    // Nothing reserved, and how long the second header is.
    magic: [hex(0, '42 4D ??*4 00*4 ??*4 00/83 00 00 00')],
    inspect: header(30, (view, remaining) => {
      const byteLength = view.getUint32(2, true)
      const pixels = view.getUint32(10, true)
      const isHeader = [12, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true))
      const isSane = view.getUint32(6, true) === 0 && pixels >= 26 && pixels < byteLength
      const planes = view.getUint16(view.getUint32(14, true) === 12 ? 22 : 26, true)
      return isHeader && isSane && planes === 1 ? sized(byteLength, remaining) : undefined
    }),
  },
  {
    name: 'tiff',
    title: 'TIFF image',
    extension: 'tif',
    mime: 'image/tiff',
    magic: [hex(0, '49 49 2A 00'), hex(0, '4D 4D 00 2A')],
    inspect: inspectTiff,
  },
  {
    name: 'ico',
    title: 'Windows icon',
    extension: 'ico',
    mime: 'image/vnd.microsoft.icon',
    // Images, by the highest bit of their number; of the first, what is reserved, its planes and bits. Machine code is full of the first four bytes.
    magic: ['01', '02/FE', '04/FC', '08/F8', '10/F0', '20/E0', '40'].map((count) =>
      hex(0, `00 00 01 00 ${count} 00 ??*3 00 00/FE 00 00/C0 00`),
    ),
    inspect: inspectIco,
  },
  {
    name: 'webp',
    title: 'WebP image',
    extension: 'webp',
    mime: 'image/webp',
    magic: [hex(0, '52 49 46 46 ?? ?? ?? ?? 57 45 42 50 56 50 38')],
    inspect: header(12, (view, remaining) => sized(view.getUint32(4, true) + 8, remaining)),
  },
  {
    name: 'psd',
    title: 'Photoshop document',
    extension: 'psd',
    mime: 'image/vnd.adobe.photoshop',
    magic: [ascii(0, '8BPS\0\x01\0\0\0\0\0\0')],
    inspect: header(26, (view) => {
      const channels = view.getUint16(12)
      return channels >= 1 && channels <= 56 && view.getUint32(14) > 0 && view.getUint32(18) > 0 ? {} : undefined
    }),
  },
]

async function inspectPng(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(8, 8)
  if (head === undefined || head.getUint32(0) !== 13 || head.getUint32(4) !== 0x49484452) return undefined
  for (let at = 8, steps = 0; steps < MOST_STEPS; steps++) {
    const chunk = await reader.view(at, 8)
    if (chunk === undefined) return {}
    at += 12 + chunk.getUint32(0)
    if (chunk.getUint32(4) === 0x49454e44) return sized(at, reader.byteLength)
  }
  return {}
}

async function inspectGif(reader: FormatReader): Promise<Inspection | undefined> {
  const screen = await reader.view(6, 7)
  if (screen === undefined || screen.getUint16(0, true) === 0 || screen.getUint16(2, true) === 0) return undefined
  let at = 13 + colourTableByteLength(screen.getUint8(4))
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const block = await reader.view(at, 1)
    if (block === undefined) return {}
    const kind = block.getUint8(0)
    if (kind === 0x3b) return sized(at + 1, reader.byteLength)
    if (kind === 0x21) at += 2
    else if (kind === 0x2c) {
      const flags = (await reader.view(at + 9, 1))?.getUint8(0)
      if (flags === undefined) return {}
      at += 11 + colourTableByteLength(flags)
    } else return { isWeak: true }
    const end = await afterSubBlocks(reader, at)
    if (end === undefined) return {}
    at = end
  }
  return {}
}

function colourTableByteLength(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

async function afterSubBlocks(reader: FormatReader, from: number): Promise<number | undefined> {
  for (let at = from, steps = 0; steps < MOST_STEPS; steps++) {
    const byteLength = (await reader.view(at, 1))?.getUint8(0)
    if (byteLength === undefined) return undefined
    at += 1 + byteLength
    if (byteLength === 0) return at
  }
  return undefined
}

/** Markers that a JPEG goes on with after its first. */
const isJpegMarker = (byte: number): boolean => byte >= 0xc0 && byte !== 0xff && !(byte >= 0xd0 && byte <= 0xd9)

async function inspectJpeg(reader: FormatReader): Promise<Inspection | undefined> {
  let at = 2
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const segment = await reader.view(at, 4)
    if (segment === undefined) return steps > 0 ? {} : undefined
    const marker = segment.getUint8(1)
    const byteLength = segment.getUint16(2)
    if (segment.getUint8(0) !== 0xff || !isJpegMarker(marker) || byteLength < 2)
      return steps > 1 ? { isWeak: true } : undefined
    at += 2 + byteLength
    if (marker !== 0xda) continue
    const next = await nextJpegMarker(reader, at)
    if (next === undefined) return {}
    if (next.marker === 0xd9) return sized(next.offset + 2, reader.byteLength)
    at = next.offset
  }
  return {}
}

/** Past the entropy-coded bytes of a scan, where 0xFF is followed by 0 or a restart marker. */
async function nextJpegMarker(
  reader: FormatReader,
  from: number,
): Promise<{ readonly offset: number; readonly marker: number } | undefined> {
  for (let at = from; at + 1 < reader.byteLength && at - from < 2 ** 28; ) {
    const bytes = await reader.upTo(at, 65_536)
    if (bytes === undefined) return undefined
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
      const marker = bytes[i + 1] as number
      const isData = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)
      if (!isData) return { offset: at + i, marker }
    }
    at += Math.max(1, bytes.length - 1)
  }
  return undefined
}

async function inspectTiff(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(0, 8)
  if (head === undefined) return undefined
  const isLittleEndian = head.getUint8(0) === 0x49
  const directory = head.getUint32(4, isLittleEndian)
  const entries = directory >= 8 ? await reader.view(directory, 14) : undefined
  if (entries === undefined) return undefined
  const count = entries.getUint16(0, isLittleEndian)
  const type = entries.getUint16(4, isLittleEndian)
  const tag = entries.getUint16(2, isLittleEndian)
  return count >= 4 && count <= 4096 && type >= 1 && type <= 13 && tag >= 254 && tag < 0x1000 ? {} : undefined
}

async function inspectIco(reader: FormatReader): Promise<Inspection | undefined> {
  const count = (await reader.view(4, 2))?.getUint16(0, true)
  if (count === undefined || count < 1 || count > 64) return undefined
  const table = await reader.view(6, 16 * count)
  if (table === undefined) return undefined
  let end = 0
  for (let at = 0; at < 16 * count; at += 16) {
    const bits = table.getUint16(at + 6, true)
    const [byteLength, offset] = [table.getUint32(at + 8, true), table.getUint32(at + 12, true)]
    const isSane = table.getUint8(at + 3) === 0 && table.getUint16(at + 4, true) <= 1
    if (!isSane || ![0, 1, 4, 8, 16, 24, 32].includes(bits) || byteLength < 40 || offset < 6 + 16 * count)
      return undefined
    end = Math.max(end, offset + byteLength)
    // What an entry points to is a bitmap's header or a PNG: without this, tables of small numbers would pass.
    const first = (await reader.view(offset, 4))?.getUint32(0, true)
    if (first !== 40 && first !== 0x474e5089) return undefined
  }
  return end <= reader.byteLength ? { byteLength: end } : undefined
}
