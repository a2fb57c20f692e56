import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { translated } from '../../native_errors.ts'
import { MapscopeError } from '../../shared/index.ts'

/** Where a store's bytes go that are too many for memory: a file without a name, which is gone with the process whatever becomes of it. */
export class Spill {
  readonly #fd: number
  /** Left only where a file in use cannot be removed. */
  readonly #leftFolder: string | undefined

  constructor() {
    const folder = translated(() => mkdtempSync(join(tmpdir(), 'mapscope-hits-')))
    this.#fd = translated(() => openSync(join(folder, 'hits'), 'wx+', 0o600), { path: folder })
    this.#leftFolder = isRemoved(folder) ? undefined : folder
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; )
      done += translated(() => writeSync(this.#fd, bytes, done, bytes.length - done, position + done))
  }

  read(position: number, byteLength: number): Uint8Array {
    const bytes = new Uint8Array(byteLength)
    for (let done = 0; done < byteLength; ) {
      const count = translated(() => readSync(this.#fd, bytes, done, byteLength - done, position + done))
      if (count === 0)
        throw new MapscopeError('ERR_FAULT', 'Hits that were put on disk are gone; search again.', { offset: position })
      done += count
    }
    return bytes
  }

  close(): void {
    closeSync(this.#fd)
    if (this.#leftFolder !== undefined) rmSync(this.#leftFolder, { recursive: true, force: true })
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true })
    return true
  } catch {
    return false
  }
}
