import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { translateError } from '../native_errors.ts'
import { assertGiven } from '../shared/arguments.ts'
import type { ByteRange } from '../shared/index.ts'
import type { MappedSource } from '../source/mapped_source.ts'
import { Overview } from './overview.ts'

/** No overview is as long: one that is, is something else, and is not read. */
const MOST_BYTES: number = 16 * 1024 ** 2

/**
 * The overview of a file, kept in another: beside it, or wherever its owner keeps such. A file that was changed, replaced, or is another one has
 * its overview made anew: device, inode, size and both times of the file decide. What another program stores through a mapping of its own shows in
 * those only when the system writes it to the disk.
 */
export class OverviewFile {
  readonly overview: Overview
  /** Of the overview's own file. */
  readonly path: string
  readonly #source: MappedSource
  #identity: string
  #saves = 0

  private constructor(path: string, source: MappedSource, kept: { overview: Overview; identity: string }) {
    this.path = path
    this.#source = source
    this.overview = kept.overview
    this.#identity = kept.identity
  }

  /**
   * Takes up what `save` left at `path`. Whatever is wrong with that file (there is none, it cannot be read, it is damaged, or of another content),
   * the overview is then a new one: nothing is lost but time.
   *
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED` when the source is; `ERR_OS`.
   */
  static async open(source: MappedSource, path: string): Promise<OverviewFile> {
    assertGiven({ source, path })
    const identity = identityOf(source)
    const bytes = await bytesOf(path)
    const overview = (bytes && Overview.fromBytes(bytes, source, identity)) ?? new Overview(source)
    return new OverviewFile(path, source, { overview, identity })
  }

  /**
   * The bytes of a range changed, and nothing else did since this was opened, saved or told the last time: forgets what is known of them.
   *
   * @throws `ERR_RANGE` outside the source; `ERR_CLOSED`; `ERR_OS`.
   */
  invalidate(range: ByteRange): void {
    this.overview.invalidate(range)
    this.#identity = identityOf(this.#source)
  }

  /**
   * Writes all that is known, in one step: whoever opens the path meanwhile, or after a crash, has the old file or the new one.
   *
   * @returns false, with nothing written, when the document changed and `invalidate` was not told: nobody knows what of the overview is still true.
   * @throws `ERR_CLOSED` when the source is; `ERR_OS` when the file cannot be written.
   */
  async save(): Promise<boolean> {
    if (identityOf(this.#source) !== this.#identity) return false
    const bytes = this.overview.toBytes(this.#identity)
    const written = `${this.path}.${process.pid}-${this.#saves++}.tmp`
    try {
      await writeFile(written, bytes, { flag: 'wx' })
      await rename(written, this.path)
    } catch (error) {
      await rm(written, { force: true }).catch(() => undefined)
      throw translateError(error, { path: this.path })
    }
    return true
  }
}

function identityOf(source: MappedSource): string {
  const { device, inode, byteLength, modifiedNs, changedNs } = source.status()
  return [device, inode, byteLength, modifiedNs, changedNs].join(' ')
}

async function bytesOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return (await stat(path)).size <= MOST_BYTES ? await readFile(path) : undefined
  } catch {
    return undefined
  }
}
