import { type ReactElement, type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { Button } from './Button.tsx'
import styles from './ui.module.css'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The browser's own modal dialog: it keeps the focus, answers Esc and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps): ReactElement {
  const ref = useRef<HTMLDialogElement>(null)
  const bodyRef = useRef<HTMLDivElement>(null)
  const titleId = useId()
  // In the layout phase: closing has to happen while the dialog is still in the page, or the focus is not given back, and
  // opening before the content's own effects, or the browser's first focus wins over theirs.
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog?.open) dialog?.showModal()
    bodyRef.current?.focus()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc and the close button do the same
    <dialog
      ref={ref}
      className={styles['dialog']}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        // The dialog itself is hit only beside its content, on the backdrop.
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div ref={bodyRef} className={styles['dialogBody']} tabIndex={-1}>
        <header className={styles['dialogHeader']}>
          <h2 id={titleId}>{title}</h2>
          <Button look="quiet" icon="close" aria-label="Close" title="Close (Esc)" onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
