import { type Format, header, hex, type Inspection, sized } from './format.ts'
import type { FormatReader } from './format_reader.ts'

export const PROGRAM_FORMATS: readonly Format[] = [
  {
    name: 'elf',
    title: 'ELF program or library',
    extension: 'elf',
    mime: 'application/x-elf',
    magic: [hex(0, '7F 45 4C 46 00/FC 00/FC 01')],
    inspect: inspectElf,
  },
  {
    name: 'pe',
    title: 'Windows program or library',
    extension: 'exe',
    mime: 'application/vnd.microsoft.portable-executable',
    // Where the other header stands: not beyond 1 MiB.
    magic: [hex(0, '4D 5A ??*60 00/E0 00')],
    inspect: inspectPe,
  },
  {
    name: 'macho',
    title: 'Mach-O program or library',
    extension: 'macho',
    mime: 'application/x-mach-binary',
    magic: [hex(0, 'CE FA ED FE'), hex(0, 'CF FA ED FE'), hex(0, 'FE ED FA CE'), hex(0, 'FE ED FA CF')],
    inspect: inspectMachO,
  },
  {
    name: 'macho-fat',
    title: 'Mach-O universal program',
    extension: 'macho',
    mime: 'application/x-mach-binary',
    magic: [hex(0, 'CA FE BA BE 00 00 00')],
    inspect: inspectUniversal,
  },
  {
    name: 'class',
    title: 'Java class',
    extension: 'class',
    mime: 'application/java-vm',
    magic: [hex(0, 'CA FE BA BE')],
    inspect: header(11, (view) => {
      const isVersion = view.getUint16(6) >= 45 && view.getUint16(6) <= 80
      const tag = view.getUint8(10)
      return isVersion && view.getUint16(8) > 1 && tag >= 1 && tag <= 20 ? {} : undefined
    }),
  },
  {
    name: 'wasm',
    title: 'WebAssembly module',
    extension: 'wasm',
    mime: 'application/wasm',
    magic: [hex(0, '00 61 73 6D 01 00 00 00')],
    inspect: inspectWasm,
  },
  {
    name: 'dex',
    title: 'Android bytecode',
    extension: 'dex',
    mime: 'application/vnd.android.dex',
    magic: [hex(0, '64 65 78 0A 30 33 ?? 00')],
    inspect: header(44, (view, remaining) =>
      view.getUint32(36, true) === 0x70 && view.getUint32(40, true) === 0x12345678
        ? sized(view.getUint32(32, true), remaining)
        : undefined,
    ),
  },
  {
    name: 'uimage',
    title: 'U-Boot image',
    extension: 'uimage',
    mime: 'application/x-uimage',
    magic: [hex(0, '27 05 19 56')],
    inspect: header(64, (view, remaining) =>
      view.getUint8(28) <= 30 && view.getUint8(30) <= 50 && view.getUint8(31) <= 10 && view.getUint32(12) > 0
        ? sized(64 + view.getUint32(12), remaining)
        : undefined,
    ),
  },
  {
    name: 'dtb',
    title: 'device tree',
    extension: 'dtb',
    mime: 'application/x-dtb',
    magic: [hex(0, 'D0 0D FE ED')],
    inspect: header(28, (view, remaining) =>
      view.getUint32(20) >= 16 && view.getUint32(20) <= 17 && view.getUint32(8) < view.getUint32(4)
        ? sized(view.getUint32(4), remaining)
        : undefined,
    ),
  },
]

async function inspectElf(reader: FormatReader): Promise<Inspection | undefined> {
  const ident = await reader.view(0, 52)
  if (ident === undefined) return undefined
  const [width, order, version] = [ident.getUint8(4), ident.getUint8(5), ident.getUint8(6)]
  if (width < 1 || width > 2 || order < 1 || order > 2 || version !== 1) return undefined
  const isLittleEndian = order === 1
  const is64 = width === 2
  const head = await reader.view(0, is64 ? 64 : 52)
  if (head === undefined || head.getUint32(20, isLittleEndian) !== 1) return undefined
  if (head.getUint16(is64 ? 52 : 40, isLittleEndian) !== (is64 ? 64 : 52)) return undefined
  const sections = is64 ? Number(head.getBigUint64(40, isLittleEndian)) : head.getUint32(32, isLittleEndian)
  const sectionByteLength = head.getUint16(is64 ? 58 : 46, isLittleEndian)
  const count = head.getUint16(is64 ? 60 : 48, isLittleEndian)
  const afterSections = sections === 0 ? 0 : sections + sectionByteLength * count
  const afterSegments = await endOfSegments(reader, { head, is64, isLittleEndian })
  return sized(Math.max(afterSections, afterSegments), reader.byteLength)
}

async function endOfSegments(
  reader: FormatReader,
  { head, is64, isLittleEndian }: { readonly head: DataView; readonly is64: boolean; readonly isLittleEndian: boolean },
): Promise<number> {
  const table = is64 ? Number(head.getBigUint64(32, isLittleEndian)) : head.getUint32(28, isLittleEndian)
  const entryByteLength = head.getUint16(is64 ? 54 : 42, isLittleEndian)
  const count = head.getUint16(is64 ? 56 : 44, isLittleEndian)
  const entries = entryByteLength === (is64 ? 56 : 32) ? await reader.view(table, entryByteLength * count) : undefined
  if (entries === undefined) return 0
  let end = 0
  for (let at = 0; at < entryByteLength * count; at += entryByteLength) {
    const offset = is64
      ? Number(entries.getBigUint64(at + 8, isLittleEndian))
      : entries.getUint32(at + 4, isLittleEndian)
    const size = is64
      ? Number(entries.getBigUint64(at + 32, isLittleEndian))
      : entries.getUint32(at + 16, isLittleEndian)
    end = Math.max(end, offset + size)
  }
  return end
}

async function inspectPe(reader: FormatReader): Promise<Inspection | undefined> {
  const place = (await reader.view(0x3c, 4))?.getUint32(0, true)
  if (place === undefined || place < 4 || place > 0x100000) return undefined
  const head = await reader.view(place, 24)
  if (head === undefined || head.getUint32(0) !== 0x50450000) return undefined
  const sections = head.getUint16(6, true)
  const optionalByteLength = head.getUint16(20, true)
  if (sections > 96) return undefined
  const table = await reader.view(place + 24 + optionalByteLength, 40 * sections)
  if (table === undefined) return {}
  let end = place + 24 + optionalByteLength + 40 * sections
  for (let at = 0; at < 40 * sections; at += 40)
    end = Math.max(end, table.getUint32(at + 20, true) + table.getUint32(at + 16, true))
  return sized(Math.max(end, await endOfSignature(reader, place + 24)), reader.byteLength)
}

/** A signature stands behind the sections, where the fifth data directory says. */
async function endOfSignature(reader: FormatReader, optional: number): Promise<number> {
  const kind = (await reader.view(optional, 2))?.getUint16(0, true)
  const directory = await reader.view(optional + (kind === 0x20b ? 112 : 96) + 4 * 8, 8)
  return directory === undefined ? 0 : directory.getUint32(0, true) + directory.getUint32(4, true)
}

const LC_SEGMENT = 1
const LC_SEGMENT_64 = 0x19

async function inspectMachO(reader: FormatReader): Promise<Inspection | undefined> {
  const head = await reader.view(0, 28)
  if (head === undefined) return undefined
  const isLittleEndian = head.getUint8(3) === 0xfe
  const is64 = (head.getUint32(0, isLittleEndian) & 1) === 1
  const processor = head.getUint32(4, isLittleEndian) & 0x00ffffff
  const [kind, commands] = [head.getUint32(12, isLittleEndian), head.getUint32(16, isLittleEndian)]
  if (![7, 12, 18].includes(processor) || kind < 1 || kind > 12 || commands < 1 || commands > 4_096) return undefined
  let at = is64 ? 32 : 28
  let end = at + head.getUint32(20, isLittleEndian)
  for (let index = 0; index < commands; index++) {
    const command = await reader.view(at, 64)
    if (command === undefined) return {}
    const [type, byteLength] = [command.getUint32(0, isLittleEndian), command.getUint32(4, isLittleEndian)]
    if (byteLength < 8) return {}
    if (type === LC_SEGMENT)
      end = Math.max(end, command.getUint32(32, isLittleEndian) + command.getUint32(36, isLittleEndian))
    if (type === LC_SEGMENT_64)
      end = Math.max(end, Number(command.getBigUint64(40, isLittleEndian) + command.getBigUint64(48, isLittleEndian)))
    at += byteLength
  }
  return sized(end, reader.byteLength)
}

async function inspectUniversal(reader: FormatReader): Promise<Inspection | undefined> {
  const count = (await reader.view(4, 4))?.getUint32(0)
  // A Java class has its version here, which is 45 or more.
  if (count === undefined || count < 1 || count > 20) return undefined
  const table = await reader.view(8, 20 * count)
  if (table === undefined) return undefined
  let end = 0
  for (let at = 0; at < 20 * count; at += 20) {
    if (![7, 12, 18].includes(table.getUint32(at) & 0x00ffffff)) return undefined
    end = Math.max(end, table.getUint32(at + 8) + table.getUint32(at + 12))
  }
  return sized(end, reader.byteLength)
}

async function inspectWasm(reader: FormatReader): Promise<Inspection | undefined> {
  let at = 8
  for (let sections = 0; sections < 10_000; sections++) {
    const head = await reader.upTo(at, 6)
    const id = head?.[0]
    if (head === undefined || id === undefined || id > 13) return sized(at, reader.byteLength)
    const size = uleb128(head.subarray(1))
    if (size === undefined || at + 1 + size.encoded + size.value > reader.byteLength)
      return at === 8 ? {} : sized(at, reader.byteLength)
    // Sections but custom ones are never empty: a run of zeros behind the module is not one of its own.
    if (size.value === 0) return sized(at, reader.byteLength)
    at += 1 + size.encoded + size.value
  }
  return {}
}

function uleb128(bytes: Uint8Array): { readonly value: number; readonly encoded: number } | undefined {
  let value = 0
  for (const [index, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * index)
    if ((byte & 0x80) === 0) return { value, encoded: index + 1 }
  }
  return undefined
}
