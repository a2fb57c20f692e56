import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

export const GiB = 1024 ** 3
export const TiB = 1024 ** 4

/** Sixteen bytes at a place, so that a row of the grid shows the whole of it. */
export interface PlacedMark {
  readonly offset: number
  readonly text: string
}

export const HUGE_BYTE_LENGTH = 15 * TiB

/** Where the issue asks for marks: the start, past 4 GiB, past 2^42, and the very end. */
export const HUGE_MARKS: readonly PlacedMark[] = [
  { offset: 0, text: 'MARK-AT-START-00' },
  { offset: 5 * GiB, text: 'MARK-AT-5-GIB-01' },
  { offset: 4 * TiB, text: 'MARK-AT-4-TIB-02' },
  { offset: HUGE_BYTE_LENGTH - 16, text: 'MARK-AT-THE-END!' },
]

/** A sparse file: it costs the blocks of its marks, whatever its size. */
export function writeSparseFile(path: string, byteLength: number, marks: readonly PlacedMark[]): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, byteLength)
  for (const mark of marks) writeSync(fd, mark.text, mark.offset, 'latin1')
  closeSync(fd)
}

/**
 * What the file really holds, told by a program that shares nothing with us: upper-case hex pairs. `xxd`, or `od` of the
 * coreutils where there is no `xxd`.
 */
export function dump(path: string, offset: number, byteLength: number): string[] {
  const text = hasXxd()
    ? execFileSync('xxd', ['-p', '-c', '256', '-s', String(offset), '-l', String(byteLength), path], {
        encoding: 'latin1',
      })
    : execFileSync('od', ['-An', '-v', '-tx1', '-j', String(offset), '-N', String(byteLength), path], {
        encoding: 'latin1',
      })
  return text.replaceAll(/\s/g, '').toUpperCase().match(/../g) ?? []
}

function hasXxd(): boolean {
  try {
    execFileSync('xxd', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
