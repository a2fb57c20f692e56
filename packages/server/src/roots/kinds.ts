import type { FileStatus } from '@mapscope/core'

/** What a file that is no file is called in a sentence: "it is …". */
export const KIND_WORDS: Readonly<Record<FileStatus['kind'], string>> = {
  file: 'a file',
  directory: 'a folder',
  pipe: 'a pipe',
  socket: 'a socket',
  'block-device': 'a block device',
  'character-device': 'a character device',
  other: 'not a regular file',
}
