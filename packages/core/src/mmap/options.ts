import type { MappingAccess } from '@mapscope/native'
import { MapscopeError } from '../shared/index.ts'
import { toInteger } from './validate.ts'

const ACCESSES = ['default', 'read', 'write', 'copy'] as const

/**
 * `read`: stores are refused. `write` and `default`: stores reach the file, whose descriptor must be writable. `copy`: stores
 * stay in this process, and a read-only descriptor will do.
 */
export type MmapAccess = (typeof ACCESSES)[number]

export interface MmapOptions {
  /** Default: `default`, which is shared and writable as in CPython. */
  readonly access?: MmapAccess | undefined
  /** Where in the file the map begins: a multiple of the page size. Default 0. Indexes count from there. */
  readonly offset?: number | undefined
}

export interface CheckedOptions {
  readonly access: MmapAccess
  readonly offset: number
}

/** How the system maps each access. */
export const MAPPING_ACCESS: Readonly<Record<MmapAccess, MappingAccess>> = {
  default: 'write',
  read: 'read',
  write: 'write',
  copy: 'copy',
}

/** Defaults, then validation. @throws `ERR_ARGUMENT` for an unknown access or a non-integer, `ERR_RANGE` for a negative offset. */
export function checkOptions({ access = 'default', offset = 0 }: MmapOptions): CheckedOptions {
  const checkedOffset = toInteger(offset, 'offset')
  if (checkedOffset < 0) throw new MapscopeError('ERR_RANGE', `The offset is ${checkedOffset}; pass 0 or more.`)
  if (!ACCESSES.includes(access)) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      `There is no access ${JSON.stringify(access)}; use one of ${ACCESSES.join(', ')}.`,
    )
  }
  return { access, offset: checkedOffset }
}
