import type { ReactElement } from 'react'
import { useStore } from 'zustand'
import { CommandButton } from './CommandButton.tsx'
import { ModeBadge } from './ModeBadge.tsx'
import styles from './shell.module.css'
import { useServices } from './useServices.ts'

/** What is open, what may be done to it, and the commands one looks for with the pointer. */
export function TopBar({ theme }: { readonly theme: 'light' | 'dark' }): ReactElement {
  const { document } = useServices()
  const info = useStore(document, (state) => state.open?.info)
  const opening = useStore(document, (state) => state.opening)
  const folder = info?.path.slice(0, Math.max(0, info.path.length - info.name.length))
  return (
    <header className={styles['topBar']}>
      {info && (
        <CommandButton command="file.open" icon="folder">
          Open
        </CommandButton>
      )}
      <div className={styles['title']}>
        {info ? (
          <h1 title={info.path}>
            <bdi className={styles['folder']}>{folder}</bdi>
            <bdi className={styles['name']} data-testid="document-name">
              {info.name}
            </bdi>
          </h1>
        ) : (
          <h1>
            <span className={styles['name']}>Mapscope</span>
          </h1>
        )}
        {opening !== undefined && <span className={styles['muted']}>Opening {opening}…</span>}
        {info && opening === undefined && <ModeBadge info={info} />}
      </div>
      <nav className={styles['actions']} aria-label="Commands">
        {info && info.byteLength > 0 && (
          <>
            <CommandButton command="navigate.goTo" look="quiet" icon="goto">
              Go to
            </CommandButton>
            <CommandButton command="search.find" look="quiet" icon="search">
              Find
            </CommandButton>
            <span className={styles['rule']} />
          </>
        )}
        <CommandButton
          command="view.toggleTheme"
          look="quiet"
          icon={theme === 'light' ? 'moon' : 'sun'}
          data-testid="theme-toggle"
        />
        <CommandButton command="view.keys" look="quiet" icon="keys" />
      </nav>
    </header>
  )
}
