import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export const GIB: number = 1024 ** 3
export const TIB: number = 1024 ** 4

export interface Mark {
  readonly offset: number
  readonly text: string
}

/** A folder of its own for one test file, removed after it. */
export class TempFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'mapscope-core-'))
  #count = 0

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }))
  }

  /** A path nobody uses yet. */
  fresh(name = 'file'): string {
    return join(this.path, `${this.#count++}-${name}`)
  }

  file(bytes: Uint8Array | string): string {
    const path = this.fresh()
    writeFileSync(path, bytes)
    return path
  }

  /** A sparse file: it takes no room but for its marks. */
  sparse(byteLength: number, marks: readonly Mark[] = []): string {
    const path = this.fresh('sparse')
    const fd = openSync(path, 'w+')
    ftruncateSync(fd, byteLength)
    for (const { offset, text } of marks) writeSync(fd, text, offset, 'latin1')
    closeSync(fd)
    return path
  }
}

/** Reads by pread, beside every mapping. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
