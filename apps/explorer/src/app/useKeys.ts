import { useEffect } from 'react'
import { handleKey } from '../commands/index.ts'
import { IS_MAC } from './platform.ts'
import { gridElement, type Services } from './services.ts'

/**
 * Keys to commands, for the whole window. Listens before the grid does, so that a chord is a command first and typing only if
 * it is none; while a dialog is open, keys are the dialog's.
 */
export function useKeys(services: Services): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.isComposing || services.panels.getState().dialog !== undefined) return
      const isInGrid = event.target instanceof Node && (gridElement()?.contains(event.target) ?? false)
      if (!handleKey({ stroke: event, isInGrid, isMac: IS_MAC }, services)) return
      event.preventDefault()
      event.stopPropagation()
    }
    window.addEventListener('keydown', press, { capture: true })
    return () => window.removeEventListener('keydown', press, { capture: true })
  }, [services])
}
