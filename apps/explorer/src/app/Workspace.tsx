import { type ReactElement, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { FindBar } from '../panels/find/FindBar.tsx'
import { GoToBar } from '../panels/goto/GoToBar.tsx'
import { KeySheet } from '../panels/keys/KeySheet.tsx'
import { FilePicker } from '../panels/picker/FilePicker.tsx'
import { announce } from '../state/notices.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Banners } from './Banners.tsx'
import { DocumentView } from './DocumentView.tsx'
import { Notices } from './Notices.tsx'
import { StatusBar } from './StatusBar.tsx'
import styles from './shell.module.css'
import { TopBar } from './TopBar.tsx'
import { useServices } from './useServices.ts'

/** The application once it is let in: bars around the bytes. */
export function Workspace({ theme }: { readonly theme: 'light' | 'dark' }): ReactElement {
  const services = useServices()
  const { panels, document: documents } = services
  const open = useStore(documents, (state) => state.open)
  const pendingEdits = useStore(documents, (state) => state.pendingEdits)
  const isOpening = useStore(documents, (state) => state.opening !== undefined)
  const { dialog, bar } = useStore(panels)
  const hasPicker = useHasPicker(open !== undefined, isOpening)
  useConnectionAnnouncements()

  const session = open?.session
  useEffect(() => {
    if (session === undefined) return
    panels.setState({ dialog: undefined })
    services.focusGrid()
  }, [session, panels, services])
  const name = open?.info.name
  useEffect(() => {
    document.title = name === undefined ? 'Mapscope' : `${pendingEdits > 0 ? '• ' : ''}${name} – Mapscope`
  }, [name, pendingEdits])

  const closeDialog = () => {
    panels.setState({ dialog: undefined })
    services.focusGrid()
  }
  return (
    <div className={styles['shell']}>
      <TopBar theme={theme} />
      {open && bar === 'goto' && <GoToBar />}
      {open && bar === 'find' && <FindBar />}
      <Banners />
      <main className={styles['main']}>
        {open && <DocumentView key={open.info.path} open={open} theme={theme} />}
        {hasPicker && (
          <div className={styles['welcome']}>
            <section className={styles['welcomeCard']} aria-label="Open a file">
              <FilePicker />
            </section>
          </div>
        )}
      </main>
      <StatusBar />
      <Notices />
      {dialog === 'picker' && open && (
        <Dialog title="Open a file" onClose={closeDialog}>
          <FilePicker />
        </Dialog>
      )}
      {dialog === 'keys' && <KeySheet onClose={closeDialog} />}
    </div>
  )
}

/** The picker stays, with its folder, while a file chosen in it is being opened; a file that a link names needs none. */
function useHasPicker(isOpen: boolean, isOpening: boolean): boolean {
  const [wasShown, setWasShown] = useState(false)
  useEffect(() => {
    if (isOpen) setWasShown(false)
    else if (!isOpening) setWasShown(true)
  }, [isOpen, isOpening])
  return !isOpen && (!isOpening || wasShown)
}

function useConnectionAnnouncements(): void {
  const { connection, notices } = useServices()
  useEffect(
    () =>
      connection.subscribe((state, previous) => {
        const [now, before] = [state.socket.kind, previous.socket.kind]
        if (now === 'waiting' && before === 'open') announce(notices, 'Connection lost')
        if (now === 'open' && before === 'connecting') announce(notices, 'Connected')
      }),
    [connection, notices],
  )
}
