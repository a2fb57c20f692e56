import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { hexOffset } from '../../app/status_text.ts'
import { useServices } from '../../app/useServices.ts'
import { commandById } from '../../commands/index.ts'
import { Button } from '../../ui/Button.tsx'
import { formatCount, formatPercent } from '../../ui/format.ts'
import styles from '../bar.module.css'

/** Go-to: shows where the text leads while it is typed, goes there on Enter, and puts the view back on Esc. */
export function GoToBar(): ReactElement {
  const services = useServices()
  const { goTo, panels, document: documents, focusGrid } = services
  const byteLength = useStore(documents, (state) => state.open?.info.byteLength ?? 0)
  const focusRequests = useStore(panels, (state) => state.focusRequests)
  const [text, setText] = useState('')
  const inputRef = useRef<HTMLInputElement>(null)
  const messageId = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for again means focused again
  useEffect(() => {
    inputRef.current?.focus()
    inputRef.current?.select()
  }, [focusRequests])
  useEffect(() => {
    goTo.begin()
    return () => goTo.cancel()
  }, [goTo])

  const parsed = text.trim() === '' ? undefined : goTo.parse(text)
  const problem = parsed !== undefined && 'problem' in parsed ? parsed.problem : undefined
  const change = (value: string) => {
    setText(value)
    goTo.preview(value)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !goTo.commit(text, event.shiftKey)) return
    panels.setState({ bar: undefined })
    focusGrid()
  }
  return (
    <search className={styles['bar']} aria-label="Go to offset">
      <label className={styles['label']} htmlFor={`${messageId}-input`}>
        Go to
      </label>
      <input
        ref={inputRef}
        id={`${messageId}-input`}
        className={styles['input']}
        data-testid="goto-input"
        type="text"
        autoComplete="off"
        spellCheck={false}
        placeholder="0x1F40, 8000, 42%, +0x10, end-16"
        aria-invalid={problem !== undefined}
        aria-describedby={messageId}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={press}
      />
      <div id={messageId} className={styles['message']} aria-live="polite">
        {problem !== undefined && (
          <span className={`${styles['text']} ${styles['problem']}`} data-testid="goto-problem">
            {problem}
          </span>
        )}
        {parsed !== undefined && 'offset' in parsed && (
          <span className={`${styles['text']} ${styles['target']}`} data-testid="goto-target">
            {hexOffset(parsed.offset, byteLength)} · {formatCount(parsed.offset)} ·{' '}
            {formatPercent(parsed.offset, byteLength)}
          </span>
        )}
        {parsed === undefined && (
          <span className={styles['text']}>
            Bare numbers are decimal. Last byte:{' '}
            <span className={styles['target']}>{hexOffset(byteLength - 1, byteLength)}</span>
          </span>
        )}
      </div>
      <Button look="quiet" icon="close" aria-label="Close" title="Close (Esc)" onClick={() => closeBar.run(services)} />
    </search>
  )
}

const closeBar = commandById('view.closeBar')
