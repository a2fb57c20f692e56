import { ascii, type Format, header, hex, type Inspection, isPowerOfTwo, sized, textAt } from './format.ts'

export const DISK_FORMATS: readonly Format[] = [
  {
    name: 'iso9660',
    title: 'ISO 9660 disc image',
    extension: 'iso',
    mime: 'application/x-iso9660-image',
    magic: [ascii(0x8000, '\x01CD001\x01')],
    inspect: async (reader) => {
      const volume = await reader.view(0x8000, 132)
      if (volume === undefined) return undefined
      const blockByteLength = volume.getUint16(128, true)
      // Every number stands there in both orders, which is a good second look.
      const isSane = volume.getUint32(80, true) === volume.getUint32(84) && isPowerOfTwo(blockByteLength)
      return isSane ? sized(volume.getUint32(80, true) * blockByteLength, reader.byteLength) : undefined
    },
  },
  {
    name: 'ext',
    title: 'ext2, ext3 or ext4 file system',
    extension: 'img',
    mime: 'application/x-ext-filesystem',
    // States, errors and versions, all of them small.
    magic: [hex(0x438, '53 EF 00/F8 00 ??*12 00/F8 00*3 00/FE 00*3')],
    inspect: async (reader) => {
      const block = await reader.view(0x400, 0x180)
      return block && inspectExt(block, reader.byteLength)
    },
  },
  {
    name: 'ntfs',
    title: 'NTFS file system',
    extension: 'img',
    mime: 'application/x-ntfs-filesystem',
    magic: [hex(0, 'EB ?? 90 4E 54 46 53 20 20 20 20')],
    inspect: header(512, (view, remaining) => {
      const sectorByteLength = view.getUint16(11, true)
      const isSane = isPowerOfTwo(sectorByteLength) && sectorByteLength >= 256 && view.getUint16(510) === 0x55aa
      const sectors = Number(view.getBigUint64(0x28, true))
      // The last sector is a copy of this one, and is not counted.
      return isSane && sectors > 0 ? sized((sectors + 1) * sectorByteLength, remaining) : undefined
    }),
  },
  {
    name: 'exfat',
    title: 'exFAT file system',
    extension: 'img',
    mime: 'application/x-exfat-filesystem',
    magic: [hex(0, 'EB 76 90 45 58 46 41 54 20 20 20')],
    inspect: header(512, (view, remaining) => {
      const shift = view.getUint8(108)
      const isSane = shift >= 9 && shift <= 12 && view.getUint16(510) === 0x55aa
      return isSane ? sized(Number(view.getBigUint64(72, true)) * 2 ** shift, remaining) : undefined
    }),
  },
  {
    name: 'fat',
    title: 'FAT file system',
    extension: 'img',
    mime: 'application/x-fat-filesystem',
    magic: [ascii(54, 'FAT12   '), ascii(54, 'FAT16   '), ascii(82, 'FAT32   ')],
    inspect: header(512, (view, remaining) => {
      const sectorByteLength = view.getUint16(11, true)
      const isSane =
        [512, 1024, 2048, 4096].includes(sectorByteLength) && isPowerOfTwo(view.getUint8(13)) && view.getUint8(16) > 0
      if (!isSane || view.getUint16(510) !== 0x55aa) return undefined
      const sectors = view.getUint16(19, true) || view.getUint32(32, true)
      const title = `${textAt(view, textAt(view, 82, 5) === 'FAT32' ? 82 : 54, 5)} file system`
      return { ...sized(sectors * sectorByteLength, remaining), title }
    }),
  },
  {
    name: 'gpt',
    title: 'disk with a GUID partition table',
    extension: 'img',
    mime: 'application/x-raw-disk-image',
    magic: [ascii(512, 'EFI PART\0\0\x01\0')],
    inspect: header(1024, (view, remaining) => {
      const isPrimary = view.getBigUint64(512 + 24, true) === 1n
      return isPrimary ? sized((Number(view.getBigUint64(512 + 32, true)) + 1) * 512, remaining) : undefined
    }),
  },
  {
    name: 'mbr',
    title: 'disk with an MBR partition table',
    extension: 'img',
    mime: 'application/x-raw-disk-image',
    isWeak: true,
    magic: [hex(510, '55 AA')],
    inspect: header(512, (view) => (hasPartitions(view) ? {} : undefined)),
  },
  {
    name: 'xfs',
    title: 'XFS file system',
    extension: 'img',
    mime: 'application/x-xfs-filesystem',
    magic: [ascii(0, 'XFSB')],
    inspect: header(128, (view, remaining) => {
      const blockByteLength = view.getUint32(4)
      const isSane = isPowerOfTwo(blockByteLength) && blockByteLength >= 512 && blockByteLength <= 65_536
      return isSane ? sized(Number(view.getBigUint64(8)) * blockByteLength, remaining) : undefined
    }),
  },
  {
    name: 'btrfs',
    title: 'Btrfs file system',
    extension: 'img',
    mime: 'application/x-btrfs-filesystem',
    magic: [ascii(0x10040, '_BHRfS_M')],
    inspect: async (reader) => {
      const block = await reader.view(0x10000, 0x98)
      if (block === undefined || block.getBigUint64(0x30, true) !== 0x10000n) return undefined
      return sized(Number(block.getBigUint64(0x70, true)), reader.byteLength)
    },
  },
  {
    name: 'swap',
    title: 'Linux swap area',
    extension: 'swap',
    mime: 'application/x-linux-swap',
    magic: [ascii(4_086, 'SWAPSPACE2')],
    inspect: async (reader) => {
      const info = await reader.view(1_024, 8)
      if (info === undefined || info.getUint32(0, true) !== 1) return undefined
      return sized((info.getUint32(4, true) + 1) * 4_096, reader.byteLength)
    },
  },
  {
    name: 'luks',
    title: 'LUKS encrypted volume',
    extension: 'luks',
    mime: 'application/x-luks',
    magic: [hex(0, '4C 55 4B 53 BA BE 00')],
    inspect: header(8, (view) => (view.getUint16(6) === 1 || view.getUint16(6) === 2 ? {} : undefined)),
  },
  {
    name: 'qcow2',
    title: 'QEMU disk image',
    extension: 'qcow2',
    mime: 'application/x-qemu-disk',
    magic: [hex(0, '51 46 49 FB 00 00 00')],
    inspect: header(32, (view) => {
      const [version, clusterBits] = [view.getUint32(4), view.getUint32(20)]
      return version >= 2 && version <= 3 && clusterBits >= 9 && clusterBits <= 21 ? {} : undefined
    }),
  },
  {
    name: 'vmdk',
    title: 'VMware disk image',
    extension: 'vmdk',
    mime: 'application/x-vmdk',
    magic: [ascii(0, 'KDMV')],
    inspect: header(80, (view) => {
      const isVersion = view.getUint32(4, true) >= 1 && view.getUint32(4, true) <= 3
      // Characters that a transfer in text mode would change.
      return isVersion && textAt(view, 73, 4) === '\n \r\n' ? {} : undefined
    }),
  },
  {
    name: 'vhdx',
    title: 'Hyper-V disk image',
    extension: 'vhdx',
    mime: 'application/x-vhdx',
    magic: [ascii(0, 'vhdxfile')],
    inspect: async (reader) => {
      const header = await reader.view(0x10000, 4)
      return header !== undefined && textAt(header, 0, 4) === 'head' ? {} : { isWeak: true }
    },
  },
  {
    name: 'vhd',
    title: 'Virtual PC disk image',
    extension: 'vhd',
    mime: 'application/x-vhd',
    magic: [ascii(0, 'conectix')],
    inspect: header(512, (view) => {
      let sum = 0
      for (let at = 0; at < 512; at++) if (at < 64 || at > 67) sum += view.getUint8(at)
      return view.getUint32(64) === ~sum >>> 0 ? {} : undefined
    }),
  },
]

function inspectExt(block: DataView, remaining: number): Inspection | undefined {
  const blockShift = block.getUint32(0x18, true)
  const [inodes, blocks] = [block.getUint32(0, true), block.getUint32(4, true)]
  const perGroup = block.getUint32(0x20, true)
  const isSane = blockShift <= 6 && inodes > 0 && blocks > 0 && perGroup > 0 && perGroup <= 8 * 1024 * 2 ** blockShift
  const isKnown =
    block.getUint32(0x4c, true) <= 1 && block.getUint32(0x48, true) <= 4 && block.getUint16(0x3a, true) <= 7
  // The first data block is 1 for blocks of 1 KiB and 0 for larger ones.
  if (!isSane || !isKnown || block.getUint32(0x14, true) !== (blockShift === 0 ? 1 : 0)) return undefined
  const [compatible, incompatible] = [block.getUint32(0x5c, true), block.getUint32(0x60, true)]
  const high = (incompatible & 0x80) === 0 ? 0 : block.getUint32(0x150, true)
  const version = (incompatible & 0x2c0) !== 0 ? 4 : (compatible & 4) !== 0 ? 3 : 2
  return {
    ...sized((high * 2 ** 32 + blocks) * 1024 * 2 ** blockShift, remaining),
    title: `ext${version} file system`,
  }
}

function hasPartitions(view: DataView): boolean {
  const entries = [446, 462, 478, 494]
  const isState = entries.every((at) => view.getUint8(at) === 0 || view.getUint8(at) === 0x80)
  const isUsed = (at: number): boolean => view.getUint8(at + 4) !== 0 && view.getUint32(at + 12, true) > 0
  return (
    isState &&
    entries.some(isUsed) &&
    textAt(view, 54, 3) !== 'FAT' &&
    textAt(view, 82, 3) !== 'FAT' &&
    textAt(view, 3, 4) !== 'NTFS'
  )
}
