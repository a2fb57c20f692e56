import type { FileEntry } from '@mapscope/protocol'
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../../app/useServices.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { FileRow, rowId } from './FileRow.tsx'
import { crumbsOf, filterEntries, parentOf, refusalOf } from './paths.ts'
import styles from './picker.module.css'
import { useListing } from './useListing.ts'

/** The roots and the folders below them. The filter keeps the focus; arrows, Enter and Backspace work from there. */
export function FilePicker(): ReactElement {
  const { http, opener, document: documents } = useServices()
  const openPath = useStore(documents, (state) => state.open?.info.path)
  const opening = useStore(documents, (state) => state.opening)
  const failure = useStore(documents, (state) => state.failure)
  const [path, setPath] = useState(() => (openPath === undefined ? '' : parentOf(openPath)))
  const [filter, setFilter] = useState('')
  const [active, setActive] = useState(0)
  const [attempt, setAttempt] = useState(0)
  const listing = useListing(http, path, attempt)
  const listId = useId()
  const inputRef = useRef<HTMLInputElement>(null)
  useEffect(() => inputRef.current?.focus(), [])

  const entries = listing.kind === 'listed' ? filterEntries(listing.list.entries, filter) : []
  const activeIndex = Math.min(active, entries.length - 1)
  const go = (folder: string) => {
    setPath(folder)
    setFilter('')
    setActive(0)
    inputRef.current?.focus()
  }
  const activate = (entry: FileEntry | undefined) => {
    if (entry === undefined) return
    if (entry.kind === 'directory') go(entry.path)
    else void opener.open(entry.path)
  }
  const move = (index: number) => {
    const next = Math.max(0, Math.min(entries.length - 1, index))
    setActive(next)
    document.getElementById(rowId(listId, next))?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    const run = PRESSED[event.key]
    if (run === undefined || (event.key === 'Backspace' && filter !== '')) return
    event.preventDefault()
    run({ move, go, activate, path, active: activeIndex, entry: entries[activeIndex], last: entries.length - 1 })
  }

  return (
    <div className={styles['picker']}>
      <nav className={styles['crumbs']} aria-label="Folder">
        {crumbsOf(path).map((crumb, i) => (
          <span key={crumb.path} className={styles['crumb']}>
            {i > 0 && <span aria-hidden="true">/</span>}
            <button
              type="button"
              onClick={() => go(crumb.path)}
              aria-current={crumb.path === path ? 'page' : undefined}
            >
              <bdi>{crumb.name}</bdi>
            </button>
          </span>
        ))}
      </nav>
      <div className={styles['filter']}>
        <Icon name="search" />
        <input
          ref={inputRef}
          data-testid="picker-filter"
          type="text"
          role="combobox"
          aria-label="Filter by name"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length > 0 ? rowId(listId, activeIndex) : undefined}
          placeholder="Filter by name"
          autoComplete="off"
          spellCheck={false}
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value)
            setActive(0)
          }}
          onKeyDown={press}
        />
      </div>
      {failure && (
        <div className={styles['failure']} role="alert" data-testid="open-failure">
          <Icon name="warning" />
          <span>
            <strong>{failure.path}</strong> cannot be opened: {failure.message}
          </span>
        </div>
      )}
      <div
        className={styles['list']}
        role="listbox"
        id={listId}
        aria-label="Files"
        aria-busy={listing.kind === 'loading'}
      >
        {entries.map((entry, i) => (
          <FileRow
            key={entry.path}
            id={rowId(listId, i)}
            entry={entry}
            isActive={i === activeIndex}
            isOpening={entry.path === opening}
            refusal={refusalOf(entry)}
            onPoint={() => setActive(i)}
            onActivate={() => activate(entry)}
          />
        ))}
        {listing.kind === 'loading' && <Skeleton />}
        {listing.kind === 'failed' && (
          <div className={styles['state']} role="alert">
            <p>{listing.message}</p>
            <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
          </div>
        )}
        {listing.kind === 'listed' && entries.length === 0 && (
          <div className={styles['state']}>
            <p>{filter === '' ? 'This folder is empty.' : `Nothing here is called “${filter}”.`}</p>
          </div>
        )}
      </div>
      <footer className={styles['foot']}>
        <span>
          {listing.kind === 'listed' && countText(entries.length, listing.list.entries.length)}
          {listing.kind === 'listed' && listing.list.isTruncated && ' The folder holds more than is listed.'}
        </span>
        <span className={styles['hint']}>Enter opens · Backspace goes up</span>
      </footer>
    </div>
  )
}

interface Press {
  readonly move: (index: number) => void
  readonly go: (path: string) => void
  readonly activate: (entry: FileEntry | undefined) => void
  readonly path: string
  readonly active: number
  readonly entry: FileEntry | undefined
  readonly last: number
}

const PAGE = 10

const PRESSED: Readonly<Record<string, (press: Press) => void>> = {
  ArrowDown: ({ move, active }) => move(active + 1),
  ArrowUp: ({ move, active }) => move(active - 1),
  PageDown: ({ move, active }) => move(active + PAGE),
  PageUp: ({ move, active }) => move(active - PAGE),
  Home: ({ move }) => move(0),
  End: ({ move, last }) => move(last),
  Enter: ({ activate, entry }) => activate(entry),
  Backspace: ({ go, path }) => go(parentOf(path)),
}

function countText(shown: number, total: number): string {
  const entries = total === 1 ? '1 entry' : `${total} entries`
  return shown === total ? `${entries}.` : `${shown} of ${entries}.`
}

const SKELETON_WIDTHS = [42, 58, 34, 50, 46]

function Skeleton(): ReactElement {
  return (
    <div className={styles['skeleton']} role="status" aria-label="Loading">
      {SKELETON_WIDTHS.map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
