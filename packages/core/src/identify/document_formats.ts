import { ascii, type Format, header, hex, isPowerOfTwo, sized, textAt } from './format.ts'

/** Formats whose whole length stands in one field. */
const big32 = (at: number): Format['inspect'] =>
  header(at + 4, (view, remaining) => (view.getUint32(at) > at ? sized(view.getUint32(at), remaining) : undefined))

export const DOCUMENT_FORMATS: readonly Format[] = [
  {
    name: 'pdf',
    title: 'PDF document',
    extension: 'pdf',
    mime: 'application/pdf',
    magic: [ascii(0, '%PDF-')],
    inspect: header(8, (view) => (/^[12]\.\d$/.test(textAt(view, 5, 3)) ? {} : undefined)),
  },
  {
    name: 'sqlite',
    title: 'SQLite database',
    extension: 'sqlite',
    mime: 'application/vnd.sqlite3',
    magic: [ascii(0, 'SQLite format 3\0')],
    inspect: header(100, (view, remaining) => {
      const pageByteLength = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16)
      if (!isPowerOfTwo(pageByteLength) || pageByteLength < 512 || view.getUint8(21) !== 64) return undefined
      // The count of pages is true only where the last writer was one that keeps it.
      const isCounted = view.getUint32(24) === view.getUint32(92)
      return isCounted ? sized(pageByteLength * view.getUint32(28), remaining) : {}
    }),
  },
  {
    name: 'pcap',
    title: 'network capture',
    extension: 'pcap',
    mime: 'application/vnd.tcpdump.pcap',
    magic: [
      hex(0, 'D4 C3 B2 A1 02 00 04 00'),
      hex(0, 'A1 B2 C3 D4 00 02 00 04'),
      hex(0, '4D 3C B2 A1 02 00 04 00'),
      hex(0, 'A1 B2 3C 4D 00 02 00 04'),
    ],
    inspect: header(24, () => ({})),
  },
  {
    name: 'pcapng',
    title: 'network capture (next generation)',
    extension: 'pcapng',
    mime: 'application/x-pcapng',
    magic: [hex(0, '0A 0D 0D 0A ?? ?? ?? ?? 4D 3C 2B 1A'), hex(0, '0A 0D 0D 0A ?? ?? ?? ?? 1A 2B 3C 4D')],
    inspect: header(16, () => ({})),
  },
  {
    name: 'gguf',
    title: 'GGUF model',
    extension: 'gguf',
    mime: 'application/x-gguf',
    magic: [ascii(0, 'GGUF')],
    inspect: header(24, (view) => {
      const version = view.getUint32(4, true)
      const isSane = view.getBigUint64(8, true) < 1_000_000n && view.getBigUint64(16, true) < 1_000_000n
      return version >= 1 && version <= 3 && isSane ? {} : undefined
    }),
  },
  {
    name: 'ole',
    title: 'OLE compound document',
    extension: 'doc',
    mime: 'application/x-ole-storage',
    magic: [hex(0, 'D0 CF 11 E0 A1 B1 1A E1')],
    inspect: header(32, (view) => {
      const shift = view.getUint16(30, true)
      return view.getUint16(28, true) === 0xfffe && (shift === 9 || shift === 12) ? {} : undefined
    }),
  },
  {
    name: 'rtf',
    title: 'rich text document',
    extension: 'rtf',
    mime: 'application/rtf',
    magic: [ascii(0, '{\\rtf1')],
    inspect: header(7, (view) => (/[\\ \r\n{]/.test(textAt(view, 6, 1)) ? {} : undefined)),
  },
  {
    name: 'postscript',
    title: 'PostScript document',
    extension: 'ps',
    mime: 'application/postscript',
    magic: [ascii(0, '%!PS-Adobe-')],
    inspect: header(14, (view) => (/^\d\.\d$/.test(textAt(view, 11, 3)) ? {} : undefined)),
  },
  {
    name: 'hdf5',
    title: 'HDF5 data',
    extension: 'h5',
    mime: 'application/x-hdf5',
    magic: [hex(0, '89 48 44 46 0D 0A 1A 0A')],
    inspect: header(9, (view) => (view.getUint8(8) <= 3 ? {} : undefined)),
  },
  {
    name: 'woff',
    title: 'web font',
    extension: 'woff',
    mime: 'font/woff',
    magic: [ascii(0, 'wOFF')],
    inspect: big32(8),
  },
  {
    name: 'woff2',
    title: 'web font 2',
    extension: 'woff2',
    mime: 'font/woff2',
    magic: [ascii(0, 'wOF2')],
    inspect: big32(8),
  },
  {
    name: 'regf',
    title: 'Windows registry hive',
    extension: 'hve',
    mime: 'application/x-windows-registry',
    magic: [ascii(0, 'regf')],
    inspect: header(48, (view, remaining) =>
      view.getUint32(20, true) === 1 && view.getUint32(32, true) === 1
        ? sized(4_096 + view.getUint32(40, true), remaining)
        : undefined,
    ),
  },
  {
    name: 'evtx',
    title: 'Windows event log',
    extension: 'evtx',
    mime: 'application/x-ms-evtx',
    magic: [ascii(0, 'ElfFile\0')],
    inspect: header(44, (view, remaining) =>
      view.getUint16(38, true) === 3 ? sized(4_096 + view.getUint16(42, true) * 65_536, remaining) : undefined,
    ),
  },
]
