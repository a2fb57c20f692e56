import { type ReactElement, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { DocumentSession } from '../document/session.ts'
import { FindBar } from '../panels/find/FindBar.tsx'
import { GoToBar } from '../panels/goto/GoToBar.tsx'
import { KeySheet } from '../panels/keys/KeySheet.tsx'
import { FilePicker } from '../panels/picker/FilePicker.tsx'
import { announce } from '../state/notices.ts'
import type { PanelsState } from '../state/panels.ts'
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

  useFocusOnOpen(open?.session, dialog)
  const isEmpty = open?.info.byteLength === 0
  useEffect(() => {
    if (isEmpty && bar === 'goto') panels.setState({ bar: undefined })
  }, [isEmpty, bar, panels])
  const name = open?.info.name
  useEffect(() => {
    document.title = name === undefined ? 'Mapscope' : `${pendingEdits > 0 ? '• ' : ''}${name} – Mapscope`
  }, [name, pendingEdits])

  // The dialog itself gives the focus back; the grid could not take it while the dialog keeps it inert.
  const closeDialog = () => panels.setState({ dialog: undefined })
  return (
    <div className={styles['shell']}>
      <TopBar theme={theme} />
      {open && !isEmpty && bar === 'goto' && <GoToBar />}
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

/**
 * A document that was just opened has the keyboard. A dialog is closed first and the focus moved in the effect after that: a modal
 * dialog keeps the grid inert, and closing it gives the focus to whatever had it before, which may be the grid of the file before.
 */
function useFocusOnOpen(session: DocumentSession | undefined, dialog: PanelsState['dialog']): void {
  const { panels, focusGrid } = useServices()
  const focused = useRef<DocumentSession>(undefined)
  useEffect(() => {
    if (session === undefined || session === focused.current) return
    if (dialog !== undefined) {
      panels.setState({ dialog: undefined })
      return
    }
    focused.current = session
    focusGrid()
  }, [session, dialog, panels, focusGrid])
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
