import type { CancelSignal } from './abort.ts'
import type { ByteSource } from './source.ts'

export interface CacheOptions {
  /**
   * Gives the system's cache of the file back behind the scan, so that reading much does not push out what others keep there: pages that were
   * not in memory when the scan came near, are the same as on the disk, and that nobody else has mapped or locked. What was there before stays,
   * but where the system does not tell what is (Linux, of a file that this user could not write): there, all that the scan touches goes. Sources
   * without such a cache take no notice. Default false.
   *
   * @throws `ERR_OS` with `ENOTSUP` where the system cannot: anywhere but on Linux.
   */
  readonly releasesCache?: boolean | undefined
}

interface Asked extends CacheOptions {
  readonly signal?: CancelSignal | undefined
}

/** What a scan reads, and what it does in the end. */
export interface PassedSource {
  readonly source: ByteSource
  /** After an abort nobody should wait for a disk: it goes on by itself then. */
  end(): Promise<void>
}

export function passedSource(source: ByteSource, { releasesCache, signal }: Asked): PassedSource {
  const releasing = releasesCache === true ? source.releasingCache?.() : undefined
  if (releasing === undefined) return { source, end: async () => {} }
  return {
    source: releasing,
    end: async () => {
      const closed = releasing.close()
      closed.catch(() => undefined)
      if (signal?.aborted !== true) await closed
    },
  }
}

/** A scan that gives back what it brought in, when asked. */
export async function passing<T>(
  source: ByteSource,
  asked: Asked,
  scan: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const passed = passedSource(source, asked)
  try {
    return await scan(passed.source)
  } finally {
    await passed.end()
  }
}

/** The same for a scan that yields. */
export async function* passingAll<T>(
  source: ByteSource,
  asked: Asked,
  scan: (source: ByteSource) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const passed = passedSource(source, asked)
  try {
    yield* scan(passed.source)
  } finally {
    await passed.end()
  }
}
