import { closeSync, constants, openSync, readSync } from 'node:fs'
import { type ByteRange, type ByteSource, MapscopeError, openFile } from '@mapscope/core'
import type { OptionRow } from './command.ts'
import type { Arguments } from './command_arguments.ts'

/** Of every command that reads a file: what `withSource` asks for. */
export const CACHE_OPTION: OptionRow = {
  name: 'drop-cache',
  help: 'keep nothing of the file in the system’s memory that was not there before',
}

/**
 * Opens a file for a command, runs it, and closes the file whatever comes. With `--drop-cache` all that the command reads is given back behind it, what
 * is read again to be shown included.
 */
export async function withSource<T>(
  path: string,
  args: Arguments,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = openFile(path)
  try {
    if (source.byteLength === 0) assertEmpty(path)
    const passed = args.has(CACHE_OPTION.name) ? source.releasingCache() : undefined
    if (passed === undefined) return await use(source)
    try {
      return await use(passed)
    } finally {
      await passed.close()
    }
  } finally {
    await source.close()
  }
}

/** Files of /proc say that they have no bytes and have some when read: to take them for empty would be a lie. */
function assertEmpty(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (readsNothing(fd)) return
  } finally {
    closeSync(fd)
  }
  throw new MapscopeError(
    'ERR_NOT_A_FILE',
    `${JSON.stringify(path)} says that it is empty and is not, as files of /proc do; copy it to a file first.`,
    { path },
  )
}

function readsNothing(fd: number): boolean {
  try {
    return readSync(fd, new Uint8Array(1), 0, 1, 0) === 0
  } catch {
    return false
  }
}

export const RANGE_OPTIONS: readonly OptionRow[] = [
  { name: 'start', value: 'N', help: 'begin at this offset (default 0)' },
  { name: 'end', value: 'N', help: 'end before this offset (default: the end of the file)' },
]

/** The range of `--start` and `--end`. @throws `ERR_RANGE` outside the file. */
export function rangeOf(args: Arguments, { byteLength }: { readonly byteLength: number }): ByteRange {
  const start = args.count('start') ?? 0
  const end = args.count('end') ?? Math.max(start, byteLength)
  if (start <= end && end <= byteLength) return { start, end }
  const problem =
    start > end
      ? `--start ${start} is behind --end ${end}; give the lesser one first`
      : `${start} to ${end} is outside the file; it has ${byteLength} bytes`
  throw new MapscopeError('ERR_RANGE', `${problem}.`)
}
