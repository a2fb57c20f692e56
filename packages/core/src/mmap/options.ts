import type { MappingAccess } from '@mapscope/native'
import { MapscopeError } from '../shared/index.ts'
import { constants } from './constants.ts'
import { toInt, toSize } from './validate.ts'

const ACCESSES = ['default', 'read', 'write', 'copy'] as const

/**
 * `read`: stores are refused. `write` and `default`: stores reach the file, whose descriptor must be writable. `copy`: stores
 * stay in this process, and a read-only descriptor will do.
 */
export type MmapAccess = (typeof ACCESSES)[number]

export interface MmapOptions {
  /** Default: `default`, which is shared and writable as in CPython, or what `flags` and `prot` say. */
  readonly access?: MmapAccess | undefined
  /** Where in the file the map begins: a multiple of `constants.ALLOCATIONGRANULARITY`. Default 0. Indexes count from there. */
  readonly offset?: number | undefined
  /**
   * `MAP_…` bits of `constants`, as the system takes them. Default `MAP_SHARED`. Not together with an `access`, nor on Windows.
   * `MAP_FIXED` is refused: it would put the map over other memory of this process.
   */
  readonly flags?: number | undefined
  /**
   * `PROT_…` bits of `constants`. Default `PROT_READ | PROT_WRITE`. Without `PROT_WRITE` the map's access is `read`, with nothing but it
   * `write`. Not together with an `access`, nor on Windows.
   */
  readonly prot?: number | undefined
  /**
   * Default true: the map keeps a descriptor of its own. False saves it, where maps are more than a process may have descriptors;
   * `size`, `resize`, `remap` and `fileChange` are refused then, and a file cut short reads as zeros in its last page.
   */
  readonly trackFd?: boolean | undefined
  /** Names anonymous memory that several processes share. Windows only; elsewhere it is refused. */
  readonly tagName?: string | null | undefined
}

/** Options as the system takes them, and what they make of the map. */
export interface CheckedOptions {
  readonly access: MmapAccess
  readonly offset: number
  /** Given in the place of an access; both or none. */
  readonly raw: { readonly flags: number; readonly prot: number } | undefined
  readonly trackFd: boolean
  /** Whether stores are seen by others who map the same. */
  readonly isShared: boolean
  readonly isReadable: boolean
}

/** How the system maps each access. */
export const MAPPING_ACCESS: Readonly<Record<MmapAccess, MappingAccess>> = {
  default: 'write',
  read: 'read',
  write: 'write',
  copy: 'copy',
}

/** Every option with its type checked and its default filled in, but not yet compared with the others. */
export interface ConvertedOptions {
  readonly access: MmapAccess
  readonly offset: number
  readonly flags: number | undefined
  readonly prot: number | undefined
  readonly trackFd: boolean
}

/** @throws `ERR_ARGUMENT` for what is of the wrong kind, `ERR_RANGE` for integers too large for the system. */
export function convertOptions(options: MmapOptions): ConvertedOptions {
  const flags = options.flags === undefined ? undefined : toInt(options.flags, 'flags')
  const prot = options.prot === undefined ? undefined : toInt(options.prot, 'prot')
  const { access = 'default', trackFd = true, tagName } = options
  const offset = toSize(options.offset ?? 0, 'offset')
  if (typeof trackFd !== 'boolean')
    throw new MapscopeError('ERR_ARGUMENT', `trackFd must be true or false, not a ${typeof trackFd}.`)
  if (tagName !== undefined && tagName !== null)
    throw new MapscopeError('ERR_ARGUMENT', 'Only Windows has tag names; map a file that the processes share instead.')
  return { access, offset, flags, prot, trackFd }
}

/** What the options say together. @throws `ERR_RANGE` for a negative offset, then `ERR_ARGUMENT` for what contradicts. */
export function checkOptions({ access, offset, flags, prot, trackFd }: ConvertedOptions): CheckedOptions {
  if (offset < 0) throw new MapscopeError('ERR_RANGE', `The offset is ${offset}; pass 0 or more.`)
  if (!ACCESSES.includes(access)) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      `There is no access ${JSON.stringify(access)}; use one of ${ACCESSES.join(', ')}.`,
    )
  }
  if (flags === undefined && prot === undefined)
    return { access, offset, trackFd, raw: undefined, isShared: access !== 'copy', isReadable: true }
  const raw = rawBits(flags, prot)
  if (access === 'default') return { offset, trackFd, raw, ...meaningOf(raw) }
  if (raw.flags !== constants.MAP_SHARED || raw.prot !== (constants.PROT_READ | constants.PROT_WRITE))
    throw new MapscopeError('ERR_ARGUMENT', 'Pass an access, or flags and prot, but not both: they say the same.')
  return { access, offset, trackFd, raw: undefined, isShared: access !== 'copy', isReadable: true }
}

function rawBits(flags: number | undefined, prot: number | undefined): { flags: number; prot: number } {
  if (constants.MAP_SHARED === undefined)
    throw new MapscopeError('ERR_ARGUMENT', 'This system has neither flags nor prot; pass an access.')
  const bits = { flags: flags ?? constants.MAP_SHARED, prot: prot ?? constants.PROT_READ | constants.PROT_WRITE }
  if ((bits.flags & FIXED) !== 0)
    throw new MapscopeError('ERR_ARGUMENT', 'MAP_FIXED would map over other memory of this process; leave it out.')
  return bits
}

/** MAP_FIXED, which has this number on every system, and Linux' MAP_FIXED_NOREPLACE. Neither is in `constants`, where it would invite. */
const FIXED: number = 0x10 | (process.platform === 'linux' ? 0x10_0000 : 0)
/** The bits of `flags` that say who sees a store; the others are options. */
const MAP_TYPE = 3

function meaningOf({ flags, prot }: { flags: number; prot: number }): {
  readonly access: MmapAccess
  readonly isShared: boolean
  readonly isReadable: boolean
} {
  const [canRead, canWrite] = [(prot & constants.PROT_READ) !== 0, (prot & constants.PROT_WRITE) !== 0]
  return {
    access: canWrite ? (canRead ? 'default' : 'write') : 'read',
    isShared: (flags & MAP_TYPE) !== constants.MAP_PRIVATE,
    // Pages that may be stored to can be read on every processor there is; pages that may only be run, not on all.
    isReadable: canRead || canWrite,
  }
}

/** Whether the file must be open for writing: private pages need no more than reading. */
export function storesReachFile({ access, isShared }: CheckedOptions): boolean {
  return isShared && access !== 'read'
}
