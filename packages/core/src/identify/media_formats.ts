import { ascii, type Format, header, hex, type Inspection, sized, textAt } from './format.ts'
import type { FormatReader } from './format_reader.ts'

const MOST_STEPS = 100_000

const riff = header(12, (view, remaining) => sized(view.getUint32(4, true) + 8, remaining))

export const MEDIA_FORMATS: readonly Format[] = [
  {
    name: 'wav',
    title: 'WAV audio',
    extension: 'wav',
    mime: 'audio/wav',
    magic: [hex(0, '52 49 46 46 ?? ?? ?? ?? 57 41 56 45')],
    inspect: riff,
  },
  {
    name: 'avi',
    title: 'AVI video',
    extension: 'avi',
    mime: 'video/x-msvideo',
    magic: [hex(0, '52 49 46 46 ?? ?? ?? ?? 41 56 49 20')],
    inspect: riff,
  },
  {
    name: 'mp4',
    title: 'MPEG-4 or QuickTime media',
    extension: 'mp4',
    mime: 'video/mp4',
    magic: [ascii(4, 'ftyp')],
    inspect: inspectBoxes,
  },
  {
    name: 'ogg',
    title: 'Ogg media',
    extension: 'ogg',
    mime: 'application/ogg',
    magic: [hex(0, '4F 67 67 53 00')],
    repeatsMagic: true,
    inspect: inspectOgg,
  },
  {
    name: 'flac',
    title: 'FLAC audio',
    extension: 'flac',
    mime: 'audio/flac',
    magic: [ascii(0, 'fLaC')],
    inspect: header(26, (view) => {
      const isInfo = (view.getUint8(4) & 0x7f) === 0 && (view.getUint32(4) & 0xffffff) === 34
      return isInfo && view.getUint16(8) >= 16 && view.getUint16(8) <= view.getUint16(10) ? {} : undefined
    }),
  },
  {
    name: 'mp3',
    title: 'MP3 audio with an ID3 tag',
    extension: 'mp3',
    mime: 'audio/mpeg',
    magic: [hex(0, '49 44 33 02 00'), hex(0, '49 44 33 03 00'), hex(0, '49 44 33 04 00')],
    inspect: header(14, (view) => {
      const isSyncSafe = (view.getUint32(6) & 0x80808080) === 0
      return isSyncSafe && (view.getUint8(5) & 0x0f) === 0 && /^[A-Z0-9]{3}/.test(textAt(view, 10, 4)) ? {} : undefined
    }),
  },
  {
    name: 'matroska',
    title: 'Matroska or WebM media',
    extension: 'mkv',
    mime: 'video/matroska',
    magic: [hex(0, '1A 45 DF A3')],
    inspect: async (reader) => {
      const head = await reader.upTo(0, 64)
      const text = head === undefined ? '' : String.fromCharCode(...head)
      const type = /\x42\x82[\x81-\x8f](matroska|webm)/.exec(text)?.[1]
      return type === undefined ? undefined : { title: type === 'webm' ? 'WebM media' : 'Matroska media' }
    },
  },
  {
    name: 'midi',
    title: 'MIDI music',
    extension: 'mid',
    mime: 'audio/midi',
    magic: [hex(0, '4D 54 68 64 00 00 00 06 00')],
    inspect: inspectMidi,
  },
]

/** Boxes in a row, each with its length and a name of four printable characters. */
async function inspectBoxes(reader: FormatReader): Promise<Inspection | undefined> {
  const first = await reader.view(0, 12)
  if (first === undefined) return undefined
  const firstByteLength = first.getUint32(0)
  if (firstByteLength < 16 || firstByteLength > 1_024 || !/^[\x20-\x7e]{4}$/.test(textAt(first, 8, 4))) return undefined
  let at = firstByteLength
  for (let boxes = 1; boxes < MOST_STEPS; boxes++) {
    const box = await reader.view(at, 8)
    const isBox = box !== undefined && /^[a-z0-9©]{3}[a-z0-9 ]$/i.test(textAt(box, 4, 4))
    const byteLength = isBox ? await boxByteLength(reader, at, box) : undefined
    if (byteLength === undefined || at + byteLength > reader.byteLength)
      return boxes > 1 ? { byteLength: at } : { isWeak: true }
    at += byteLength
  }
  return {}
}

/** 0 says: to the end of the file. 1: the length stands behind the name, in 64 bits. */
async function boxByteLength(reader: FormatReader, at: number, box: DataView): Promise<number | undefined> {
  const short = box.getUint32(0)
  if (short === 0) return reader.byteLength - at
  const byteLength = short === 1 ? Number((await reader.view(at + 8, 8))?.getBigUint64(0) ?? 0) : short
  return byteLength >= 8 ? byteLength : undefined
}

async function inspectOgg(reader: FormatReader): Promise<Inspection | undefined> {
  const isFirst = (((await reader.view(5, 1))?.getUint8(0) ?? 0) & 0xfa) === 0x02
  if (!isFirst) return undefined
  for (let at = 0, steps = 0; steps < MOST_STEPS; steps++) {
    const page = await reader.view(at, 27)
    if (page === undefined || textAt(page, 0, 5) !== 'OggS\0') return steps > 0 ? { byteLength: at } : undefined
    const table = await reader.bytes(at + 27, page.getUint8(26))
    const byteLength = table === undefined ? undefined : 27 + table.length + table.reduce((sum, part) => sum + part, 0)
    if (byteLength === undefined || at + byteLength > reader.byteLength) return steps > 0 ? {} : undefined
    at += byteLength
    const isLast = (page.getUint8(5) & 4) !== 0
    const next = isLast ? await reader.view(at, 6) : undefined
    // Behind the last page of a stream may come pages of others that began with it, but none that begins.
    if (isLast && (next === undefined || textAt(next, 0, 4) !== 'OggS' || (next.getUint8(5) & 2) !== 0))
      return { byteLength: at }
  }
  return {}
}

async function inspectMidi(reader: FormatReader): Promise<Inspection | undefined> {
  const tracks = (await reader.view(10, 2))?.getUint16(0)
  if (tracks === undefined || tracks === 0) return undefined
  let at = 14
  for (let track = 0; track < tracks; track++) {
    const head = await reader.view(at, 8)
    if (head === undefined || textAt(head, 0, 4) !== 'MTrk') return track > 0 ? {} : undefined
    at += 8 + head.getUint32(4)
  }
  return sized(at, reader.byteLength)
}
