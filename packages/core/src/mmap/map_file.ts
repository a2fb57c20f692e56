import { binding, type FileStatus, type NativeMapping } from '@mapscope/native'
import { osError, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import { type CheckedOptions, MAPPING_ACCESS } from './options.ts'
import { toInteger } from './validate.ts'

const MAX_FD = 2_147_483_647

/** Maps part of an open file, checking in CPython's order: descriptor and length, then what the file has, then the system's rules. */
export function mapFile(fd: number, length: number, { access, offset }: CheckedOptions): NativeMapping {
  const status = translated(() => binding.fileStatus(fd))
  const byteLength = status.kind === 'file' ? lengthInFile(status, length, offset) : length
  // The kernel's own answers, given here because C++ asserts them.
  if (byteLength === 0 || offset % binding.pageSize !== 0) throw osError({ errno: 'EINVAL', syscall: 'mmap' })
  return translated(() => new binding.Mapping(fd, { offset, byteLength, access: MAPPING_ACCESS[access] }))
}

export function checkDescriptor(fd: unknown): number {
  const number = toInteger(fd, 'fd')
  if (number === -1)
    throw new MapscopeError('ERR_ARGUMENT', 'Anonymous memory (fd -1) is not supported; pass a file’s descriptor.')
  if (number > MAX_FD) throw new MapscopeError('ERR_RANGE', `No descriptor is as large as ${number}; pass an open one.`)
  if (number < 0) throw osError({ errno: 'EBADF', syscall: 'fstat' })
  return number
}

export function checkLength(length: unknown): number {
  const number = toInteger(length, 'length')
  if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) return number
  throw new MapscopeError(
    'ERR_RANGE',
    `The length is ${number}; pass 1 or more, or 0 for all that is left of the file.`,
  )
}

function lengthInFile({ byteLength }: FileStatus, length: number, offset: number): number {
  if (length === 0 && byteLength === 0)
    throw new MapscopeError('ERR_RANGE', 'An empty file cannot be mapped; write to it first.')
  if (length === 0 && offset >= byteLength) {
    throw new MapscopeError('ERR_RANGE', `Offset ${offset} is not inside the file; it has ${byteLength} bytes.`)
  }
  if (offset > byteLength || length > byteLength - offset) {
    throw new MapscopeError(
      'ERR_RANGE',
      `The file has ${byteLength} bytes, fewer than ${offset} + ${length}; map less or extend it.`,
    )
  }
  return length === 0 ? byteLength - offset : length
}
