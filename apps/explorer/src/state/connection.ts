import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SocketStatus } from '../client/socket.ts'

/** Whether the server lets this tab in. `denied`: no link or an expired one; nothing works until the page is opened anew. */
export type Access = 'checking' | 'granted' | 'denied'

export interface ConnectionState {
  readonly access: Access
  readonly socket: SocketStatus
  /** Of the last ping; `undefined` before the first and while disconnected. */
  readonly roundTripMs: number | undefined
}

export type ConnectionStore = StoreApi<ConnectionState>

export function createConnectionStore(): ConnectionStore {
  return createStore<ConnectionState>(() => ({
    access: 'checking',
    socket: { kind: 'stopped' },
    roundTripMs: undefined,
  }))
}

/** The server's name for this tab while it is connected. */
export function clientIdOf(state: ConnectionState): string | undefined {
  return state.socket.kind === 'open' ? state.socket.hello.clientId : undefined
}
