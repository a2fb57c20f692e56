import { createStore, type StoreApi } from 'zustand/vanilla'

export type NoticeTone = 'info' | 'success' | 'warning' | 'danger'

/** A passing message. One `key` is shown once: a second one with it replaces the first. */
export interface Notice {
  readonly key: string
  readonly tone: NoticeTone
  readonly text: string
  /** One below the other. */
  readonly details?: readonly string[]
  /** Stays until it is dismissed: it must be read, also by who was away. */
  readonly isLasting?: true
  readonly action?: { readonly title: string; readonly run: () => void }
}

export interface NoticesState {
  readonly notices: readonly Notice[]
  /** Read out by screen readers when it changes: jumps, hits, the connection. */
  readonly announcement: string
}

export type NoticesStore = StoreApi<NoticesState>

const SHOWN_MS: Record<NoticeTone, number> = { info: 5_000, success: 4_000, warning: 9_000, danger: 15_000 }

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ notices: [], announcement: '' }))
}

/** Shows a notice for as long as its tone deserves; one with an action, or a lasting one, stays until it is answered. */
export function notify(store: NoticesStore, notice: Notice): void {
  const others = store.getState().notices.filter((one) => one.key !== notice.key)
  store.setState({ notices: [...others, notice] })
  if (notice.action === undefined && notice.isLasting !== true)
    setTimeout(() => dismiss(store, notice), SHOWN_MS[notice.tone])
}

export function dismiss(store: NoticesStore, notice: Notice): void {
  store.setState(({ notices }) => ({ notices: notices.filter((one) => one !== notice) }))
}

/** What a notice with this key said holds no longer. */
export function dismissKey(store: NoticesStore, key: string): void {
  const { notices } = store.getState()
  if (notices.some((one) => one.key === key)) store.setState({ notices: notices.filter((one) => one.key !== key) })
}

export function announce(store: NoticesStore, text: string): void {
  store.setState({ announcement: text })
}
