import { useEffect } from 'react'
import { useStore } from 'zustand'
import { resolvedTheme } from '../state/settings.ts'
import type { Services } from './services.ts'

/** Follows the system's light and dark, and puts the theme in force on the page, where tokens.css reads it. */
export function useTheme({ settings }: Services): 'light' | 'dark' {
  const theme = useStore(settings, resolvedTheme)
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => settings.setState({ systemTheme: query.matches ? 'dark' : 'light' })
    follow()
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [settings])
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return theme
}
