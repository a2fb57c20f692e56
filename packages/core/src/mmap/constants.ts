import { binding } from '@mapscope/native'

/** Constants that every system has. */
interface UniversalConstants {
  /** The `access` option, under its names in CPython. */
  readonly ACCESS_DEFAULT: 'default'
  readonly ACCESS_READ: 'read'
  readonly ACCESS_WRITE: 'write'
  readonly ACCESS_COPY: 'copy'
  /** Bytes of a page: what `flush` and `advise` need their offsets to be a multiple of. */
  readonly PAGESIZE: number
  /** What the `offset` option must be a multiple of: the page size, but 64 KiB on Windows. */
  readonly ALLOCATIONGRANULARITY: number
}

/** Names that Linux, macOS and the BSDs have, and Windows has not. */
type PosixName =
  | 'PROT_READ'
  | 'PROT_WRITE'
  | 'PROT_EXEC'
  | 'MAP_SHARED'
  | 'MAP_PRIVATE'
  | 'MAP_ANON'
  | 'MAP_ANONYMOUS'
  | 'MADV_NORMAL'
  | 'MADV_RANDOM'
  | 'MADV_SEQUENTIAL'
  | 'MADV_WILLNEED'
  | 'MADV_DONTNEED'
  | 'MS_ASYNC'
  | 'MS_SYNC'
  | 'MS_INVALIDATE'

/** Names that only some systems have. */
type SystemName =
  | `MAP_${
      | 'DENYWRITE'
      | 'EXECUTABLE'
      | 'POPULATE'
      | 'STACK'
      | 'ALIGNED_SUPER'
      | 'CONCEAL'
      | 'NORESERVE'
      | 'NOEXTEND'
      | 'HASSEMAPHORE'
      | 'NOCACHE'
      | 'JIT'
      | 'RESILIENT_CODESIGN'
      | 'RESILIENT_MEDIA'
      | '32BIT'
      | 'TRANSLATED_ALLOW_EXECUTE'
      | 'UNIX03'
      | 'TPRO'
      | 'HUGETLB'
      | 'HUGE_SHIFT'
      | 'HUGE_MASK'}`
  | `MAP_HUGE_${'16KB' | '64KB' | '512KB' | '1MB' | '2MB' | '8MB' | '16MB' | '32MB' | '256MB' | '512MB' | '1GB' | '2GB' | '16GB'}`
  | `MADV_${
      | 'FREE'
      | 'REMOVE'
      | 'DONTFORK'
      | 'DOFORK'
      | 'MERGEABLE'
      | 'UNMERGEABLE'
      | 'HUGEPAGE'
      | 'NOHUGEPAGE'
      | 'DONTDUMP'
      | 'DODUMP'
      | 'HWPOISON'
      | 'SOFT_OFFLINE'
      | 'NOSYNC'
      | 'AUTOSYNC'
      | 'NOCORE'
      | 'CORE'
      | 'PROTECT'
      | 'FREE_REUSABLE'
      | 'FREE_REUSE'
      | 'COLD'
      | 'PAGEOUT'
      | 'POPULATE_READ'
      | 'POPULATE_WRITE'
      | 'COLLAPSE'
      | 'WIPEONFORK'
      | 'KEEPONFORK'
      | 'DONTNEED_LOCKED'}`

/**
 * The constants of CPython's `mmap` module, and those of the system that it leaves out. A name that the system does not have is
 * undefined, and so are `PROT_…`, `MAP_…`, `MADV_…` and `MS_…` on Windows, which has none of these.
 */
export type MmapConstants = UniversalConstants &
  Readonly<Record<PosixName, number>> &
  Readonly<Record<SystemName, number | undefined>>

const system: Readonly<Record<string, number>> = binding.constants

/** What `flags`, `prot`, `access` and `advise` take, under the names that CPython's `mmap` module gives them. */
export const constants: MmapConstants = Object.freeze({
  ...system,
  ACCESS_DEFAULT: 'default',
  ACCESS_READ: 'read',
  ACCESS_WRITE: 'write',
  ACCESS_COPY: 'copy',
  PAGESIZE: binding.pageSize,
  ALLOCATIONGRANULARITY: binding.allocationGranularity,
} as unknown as MmapConstants)
