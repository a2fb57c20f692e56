import { type ReactElement, useEffect } from 'react'
import { useStore } from 'zustand'
import { AccessPage } from './AccessPage.tsx'
import { syncLink } from './link_sync.ts'
import type { Services } from './services.ts'
import { useKeys } from './useKeys.ts'
import { ServicesContext } from './useServices.ts'
import { useTheme } from './useTheme.ts'
import { useUnloadGuard } from './useUnloadGuard.ts'
import { Workspace } from './Workspace.tsx'

export function App({ services }: { readonly services: Services }): ReactElement {
  const theme = useTheme(services)
  const access = useStore(services.connection, (state) => state.access)
  const hasPending = useStore(services.document, (state) => state.pendingEdits > 0)
  useKeys(services)
  useUnloadGuard(services.document)
  useEffect(() => syncLink(services), [services])
  // Edits that wait stay visible behind the words even when the session has ended.
  const isOut = access !== 'granted' && !hasPending
  return (
    <ServicesContext value={services}>
      {isOut ? <AccessPage access={access === 'denied' ? 'denied' : 'checking'} /> : <Workspace theme={theme} />}
    </ServicesContext>
  )
}
