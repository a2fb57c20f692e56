import { useEffect } from 'react'
import type { DocumentStore } from '../state/document.ts'

/** Asks before the tab is closed while edits are not written. */
export function useUnloadGuard(documents: DocumentStore): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (documents.getState().pendingEdits > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [documents])
}
