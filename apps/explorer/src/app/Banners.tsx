import { type ReactElement, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { type Banner, bannersOf } from './banners.ts'
import { isFocusLost } from './focus.ts'
import styles from './shell.module.css'
import { useServices } from './useServices.ts'

/** Lasting conditions, between the bars and the bytes they concern. */
export function Banners(): ReactElement {
  const services = useServices()
  const info = useStore(services.document, (state) => state.open?.info)
  const pendingEdits = useStore(services.document, (state) => state.pendingEdits)
  const isReloading = useStore(services.document, (state) => state.isReloading)
  const isLost = useStore(services.document, (state) => state.isLost)
  const socket = useStore(services.connection, (state) => state.socket)
  const isDenied = useStore(services.connection, (state) => state.access === 'denied')
  const nowMs = useClock(socket.kind === 'waiting')
  const banners = bannersOf({ info, pendingEdits, socket, isDenied, isLost, nowMs })

  const hasActed = useRef(false)
  // A banner goes with what it warned of, and its button with it: the focus is then nowhere.
  useEffect(() => {
    if (!hasActed.current || isReloading || !isFocusLost()) return
    hasActed.current = false
    services.focusGrid()
  })

  const act = (does: NonNullable<Banner['action']>['does']) => {
    hasActed.current = true
    if (does === 'reload') void services.opener.reload()
    else if (does === 'reattach') services.opener.reattach()
    else {
      services.connection.setState({ access: 'granted' })
      services.socket.connect()
    }
  }
  return (
    <div className={styles['banners']}>
      {banners.map(({ kind, tone, text, action }) => (
        // The countdown changes every second; a screen reader hears of the loss once, from the live region.
        <div key={kind} className={styles['banner']} data-testid="banner" data-kind={kind} data-tone={tone}>
          <Icon name={tone === 'info' ? 'info' : 'warning'} />
          <span className={styles['bannerText']}>{text}</span>
          {action && (
            <Button onClick={() => act(action.does)} disabled={isReloading}>
              {action.title}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}

function useClock(isRunning: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return undefined
    const tick = () => setNowMs(Date.now())
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [isRunning])
  return nowMs
}
