import { createStore, type StoreApi } from 'zustand/vanilla'

export const THEME_SETTINGS = ['system', 'light', 'dark'] as const
export type ThemeSetting = (typeof THEME_SETTINGS)[number]

export interface SettingsState {
  readonly theme: ThemeSetting
  /** What `system` stands for on this machine at present. */
  readonly systemTheme: 'light' | 'dark'
  /** Tab leaves the grid instead of switching between its panes. */
  readonly isTabMovingFocus: boolean
}

export type SettingsStore = StoreApi<SettingsState>

/** The part of `localStorage` used here; a browser may refuse both calls by throwing. */
export type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>

const THEME_KEY = 'mapscope.theme'

export function createSettingsStore(storage: SettingsStorage | undefined): SettingsStore {
  const store = createStore<SettingsState>(() => ({
    theme: readTheme(storage),
    systemTheme: 'light',
    isTabMovingFocus: false,
  }))
  store.subscribe((state, previous) => {
    if (state.theme !== previous.theme) writeTheme(storage, state.theme)
  })
  return store
}

export function resolvedTheme(state: SettingsState): 'light' | 'dark' {
  return state.theme === 'system' ? state.systemTheme : state.theme
}

function readTheme(storage: SettingsStorage | undefined): ThemeSetting {
  try {
    const stored = storage?.getItem(THEME_KEY)
    return THEME_SETTINGS.find((theme) => theme === stored) ?? 'system'
  } catch {
    return 'system'
  }
}

function writeTheme(storage: SettingsStorage | undefined, theme: ThemeSetting): void {
  try {
    storage?.setItem(THEME_KEY, theme)
  } catch {
    // Private windows may refuse; the theme then lasts as long as the tab.
  }
}
