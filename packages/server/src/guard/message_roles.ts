import type { ClientMessage } from '@mapscope/protocol'
import type { Role } from './principal.ts'

/** The least role that each message of the socket needs; the compiler misses one that is not here. */
export const MESSAGE_ROLES: { readonly [T in ClientMessage['type']]: Role } = {
  open: 'view',
  close: 'view',
  search: 'view',
  cancel: 'view',
  ping: 'view',
  read: 'view',
  credit: 'view',
  watch: 'view',
  unwatch: 'view',
  watchJobs: 'view',
}
