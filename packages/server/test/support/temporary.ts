import { closeSync, constants, ftruncateSync, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './at_end.ts'

/** A folder of this test file's own, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mapscope-server-')))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const TIB: number = 1024 ** 4

/** The file: 15 TiB of nothing, with marks at its start, at 5 GiB, at 4 TiB and in its last 16 bytes. */
export const SPARSE_BYTE_LENGTH: number = 15 * TIB
export const MARKS: readonly { readonly offset: number; readonly text: string }[] = [
  { offset: 0, text: 'mark at 0' },
  { offset: 5 * 1024 ** 3, text: 'mark at 5 GiB' },
  { offset: 4 * TIB, text: 'mark at 4 TiB' },
  { offset: SPARSE_BYTE_LENGTH - 16, text: 'the last 16 byte' },
]

export function makeSparse(path: string): void {
  const fd = openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_TRUNC, 0o644)
  ftruncateSync(fd, SPARSE_BYTE_LENGTH)
  for (const { offset, text } of MARKS) writeSync(fd, text, offset)
  closeSync(fd)
}

/** Numbers that are the same in every run; the seed is for the message of a failure. */
export function seeded(seed: number): (limit: number) => number {
  let state = BigInt(seed)
  return (limit) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn
    return Number(((state >> 11n) * BigInt(limit)) >> 53n)
  }
}
