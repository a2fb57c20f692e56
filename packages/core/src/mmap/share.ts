import { binding } from '@mapscope/native'
import { MapscopeError } from '../shared/index.ts'
import type { MapPlan } from './map_plan.ts'

const KIND = 'mapscope.mmap'

/**
 * What another thread of this process needs to open the same map: `Mmap.openShared`. Plain data, which `postMessage` and `workerData` carry.
 * It keeps nothing open: somebody must have the map open until it is opened there.
 */
export interface MmapHandle extends MapPlan {
  readonly kind: typeof KIND
  /** The process it is good for. */
  readonly process: string
  /** The mapping, among those of the process. */
  readonly mapping: number
}

/** The system gives a process' number to another once it is gone, and each container counts from 1. */
const THIS_PROCESS: string = `${process.pid}-${binding.processNonce}`

export function makeHandle(mapping: number, plan: MapPlan): MmapHandle {
  return Object.freeze({ kind: KIND, process: THIS_PROCESS, mapping, ...plan })
}

const FIELDS: { readonly [Field in Exclude<keyof MmapHandle, 'kind' | 'process'>]: (value: unknown) => boolean } = {
  mapping: Number.isSafeInteger,
  access: (value) => ['default', 'read', 'write', 'copy'].includes(value as string),
  offset: Number.isSafeInteger,
  isAnonymous: isBoolean,
  isShared: isBoolean,
  isReadable: isBoolean,
  keepsFile: isBoolean,
  fileByteLength: Number.isSafeInteger,
  path: (value) => value === undefined || typeof value === 'string',
}

/** @throws `ERR_ARGUMENT` for what is no handle, or one of another process. */
export function checkHandle(value: unknown): MmapHandle {
  const handle: Partial<MmapHandle> = typeof value === 'object' && value !== null ? { ...value } : {}
  const fields = Object.entries(FIELDS) as [keyof typeof FIELDS, (value: unknown) => boolean][]
  if (handle.kind !== KIND || !fields.every(([field, isValid]) => isValid(handle[field])))
    throw new MapscopeError('ERR_ARGUMENT', 'This is no handle of a map; pass what share() returned.')
  if (handle.process !== THIS_PROCESS) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'The handle is of another process, whose memory this one cannot open; map the same file here with Mmap.open.',
    )
  }
  return handle as MmapHandle
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}
