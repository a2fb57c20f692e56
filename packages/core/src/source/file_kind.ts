import type { FileStatus } from '@mapscope/native'
import { MapscopeError } from '../shared/index.ts'

const KIND_NAMES: Readonly<Record<FileStatus['kind'], string>> = {
  file: 'a file',
  directory: 'a directory',
  pipe: 'a pipe',
  socket: 'a socket',
  'block-device': 'a block device',
  'character-device': 'a character device',
  other: 'no regular file',
}

/** @throws `ERR_NOT_A_FILE` saying what it is instead. */
export function assertRegularFile(status: FileStatus): void {
  if (status.kind === 'file' || status.kind === 'block-device') return
  throw new MapscopeError(
    'ERR_NOT_A_FILE',
    `This is ${KIND_NAMES[status.kind]}; only regular files and block devices have bytes to map.`,
  )
}
