import { closeSync, constants, openSync } from 'node:fs'
import { binding, type FileStatus, type NativeMapping } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** What a source holds on to: a mapping, or for an empty file (which cannot be mapped) a descriptor of its own. */
export interface MappedFile {
  /** Absent for an empty file. */
  readonly native: NativeMapping | undefined
  status(): FileStatus
  close(): void
}

/** Maps a whole open file, or holds it when it is empty. The caller keeps `fd` and may close it at once. */
export function mapWholeFile(fd: number, byteLength: number, isWritable: boolean): MappedFile {
  return byteLength === 0 ? holdEmptyFile(fd) : mapFile(fd, byteLength, isWritable)
}

function mapFile(fd: number, byteLength: number, isWritable: boolean): MappedFile {
  const access = isWritable ? 'write' : 'read'
  const native = translated(() => new binding.Mapping(fd, { offset: 0, byteLength, access }))
  return { native, status: () => pastViewFaults(() => native.status()), close: () => native.close() }
}

/** Node has no dup(2); opening the descriptor's own entry is the nearest thing, and works for deleted files as well. */
function holdEmptyFile(fd: number): MappedFile {
  const directory = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'
  const ownFd = translated(() => openSync(`${directory}/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK))
  return { native: undefined, status: () => binding.fileStatus(ownFd), close: () => closeSync(ownFd) }
}
