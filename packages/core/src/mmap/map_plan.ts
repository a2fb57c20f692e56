import type { MmapAccess } from './options.ts'

/** What a map is, decided when it is made and fixed from then on. */
export interface MapPlan {
  readonly access: MmapAccess
  /** Where in the file the map begins. */
  readonly offset: number
  readonly isAnonymous: boolean
  /** Whether stores are seen by others who map the same. */
  readonly isShared: boolean
  /** False for pages without `PROT_READ` and `PROT_WRITE`: a read of them would be the end of the process. */
  readonly isReadable: boolean
  /** False without a descriptor of our own (`trackFd: false`). */
  readonly keepsFile: boolean
  /** What the file had when it was mapped; 0 for anonymous memory. */
  readonly fileByteLength: number
  /** Known to `Mmap.open` only. */
  readonly path: string | undefined
}
