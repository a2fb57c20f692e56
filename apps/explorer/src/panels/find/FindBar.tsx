import { type KeyboardEvent, type ReactElement, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { isFocusLost } from '../../app/focus.ts'
import { useServices } from '../../app/useServices.ts'
import { commandById } from '../../commands/index.ts'
import { FIND_KINDS } from '../../document/find_kinds.ts'
import { findStatus } from '../../document/find_text.ts'
import type { FindKind } from '../../state/search.ts'
import { Button } from '../../ui/Button.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import styles from '../bar.module.css'
import { FindOptions } from './FindOptions.tsx'

const KINDS = (Object.keys(FIND_KINDS) as FindKind[]).map((value) => ({ value, title: FIND_KINDS[value].title }))

const next = commandById('search.next')
const previous = commandById('search.previous')
const cancel = commandById('search.cancel')
const close = commandById('view.closeBar')

/** Find: Enter for the next match, Shift+Enter for the one before; the search itself runs beside the data. */
export function FindBar(): ReactElement {
  const services = useServices()
  const { search, finder, panels } = services
  const { query, outcome } = useStore(search)
  const focusRequests = useStore(panels, (state) => state.focusRequests)
  const inputRef = useRef<HTMLInputElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for again means focused again
  useEffect(() => {
    inputRef.current?.focus()
    inputRef.current?.select()
  }, [focusRequests])

  const status = findStatus(outcome)
  const isRunning = outcome.kind === 'running'
  // The cancel button goes with the search, and the focus with it if it was there.
  useEffect(() => {
    if (!isRunning && isFocusLost()) inputRef.current?.focus()
  }, [isRunning])
  const isEmpty = query.text === ''
  const kind = FIND_KINDS[query.kind]
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (!isEmpty) (event.shiftKey ? previous : next).run(services)
  }
  return (
    <search className={styles['bar']} aria-label="Find">
      <Segmented
        label="Look for"
        value={query.kind}
        options={KINDS}
        onChange={(kind) => {
          finder.setQuery({ kind })
          inputRef.current?.focus()
        }}
      />
      <input
        ref={inputRef}
        className={styles['input']}
        data-testid="find-input"
        type="text"
        aria-label={kind.label}
        autoComplete="off"
        spellCheck={false}
        placeholder={kind.placeholder}
        aria-invalid={outcome.kind === 'problem'}
        value={query.text}
        onChange={(event) => finder.setQuery({ text: event.target.value })}
        onKeyDown={press}
      />
      <FindOptions query={query} onChange={(change) => finder.setQuery(change)} />
      <Button
        icon="up"
        aria-label="Find previous"
        title="Find previous (Shift+F3)"
        data-testid="find-previous"
        disabled={isEmpty}
        onClick={() => previous.run(services)}
      />
      <Button
        icon="down"
        aria-label="Find next"
        title="Find next (F3)"
        data-testid="find-next"
        disabled={isEmpty}
        onClick={() => next.run(services)}
      />
      <div className={styles['message']}>
        {isRunning && (
          <>
            <Progress scanned={outcome.scanned} total={outcome.total} />
            <Button data-testid="find-cancel" onClick={() => cancel.run(services)}>
              Cancel
            </Button>
          </>
        )}
        <span
          className={`${styles['text']} ${styles['numbers']} ${styles[status.tone] ?? ''}`}
          data-testid="find-status"
          data-outcome={outcome.kind}
          title={status.text}
        >
          {status.text}
        </span>
      </div>
      <Button look="quiet" icon="close" aria-label="Close" title="Close (Esc)" onClick={() => close.run(services)} />
    </search>
  )
}

function Progress({ scanned, total }: { readonly scanned: number; readonly total: number }): ReactElement {
  const percent = total === 0 ? 0 : Math.min(100, (scanned / total) * 100)
  return (
    <div
      className={styles['progress']}
      role="progressbar"
      aria-label="Search"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  )
}
