import { type ReactElement, useCallback } from 'react'
import { HexView } from '../hexview/HexView.tsx'
import type { OpenDocument } from '../state/document.ts'
import styles from './shell.module.css'
import { useFirstBytes } from './useFirstBytes.ts'
import { useServices } from './useServices.ts'

/** The grid, or what stands in its place when there is nothing to show. */
export function DocumentView(props: { readonly open: OpenDocument; readonly theme: 'light' | 'dark' }): ReactElement {
  const { open, theme } = props
  const { view, selection, document } = useServices()
  const { session, editor, info } = open
  useFirstBytes(session, view)
  const type = useCallback((text: string) => editor.type(text), [editor])
  const hover = useCallback((hovered: number | undefined) => document.setState({ hovered }), [document])
  if (info.byteLength === 0) {
    return (
      <div className={styles['empty']} data-testid="empty-file">
        <p className={styles['emptyTitle']}>{info.name} is empty</p>
        <p className={styles['muted']}>It has 0 bytes. This view says so when it grows.</p>
      </div>
    )
  }
  return (
    <HexView
      bytes={session}
      view={view}
      selection={selection}
      isEditable={info.mode === 'write-through'}
      theme={theme}
      onType={type}
      onHover={hover}
      label={`Bytes of ${info.name}`}
    />
  )
}
