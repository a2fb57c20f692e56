import type { DocumentInfo } from '@mapscope/protocol'
import type { ReactElement, ReactNode } from 'react'
import { useStore } from 'zustand'
import type { OpenDocument } from '../state/document.ts'
import { formatBytes, formatCount, formatPercent, formatSize } from '../ui/format.ts'
import styles from './status.module.css'
import { byteText, hexOffset, selectionText } from './status_text.ts'
import { useRepaint } from './useRepaint.ts'
import { useServices } from './useServices.ts'

/** Left: where one is. Right: what the document and the connection are. */
export function StatusBar(): ReactElement {
  const { document } = useServices()
  const open = useStore(document, (state) => state.open)
  return (
    <footer className={styles['bar']}>
      <div className={styles['place']}>{open && <Position open={open} />}</div>
      {open && <Notes open={open} />}
      <div className={styles['facts']}>
        {open && <Facts info={open.info} />}
        <Connection />
      </div>
    </footer>
  )
}

function Item(props: {
  label: string
  testId?: string
  className?: string | undefined
  title?: string | undefined
  children: ReactNode
}): ReactElement {
  return (
    <span className={`${styles['item']} ${props.className ?? ''}`} title={props.title}>
      <span className={styles['label']}>{props.label}</span>
      <span className={styles['value']} data-testid={props.testId}>
        {props.children}
      </span>
    </span>
  )
}

function Position({ open }: { readonly open: OpenDocument }): ReactElement {
  const { selection: store, document } = useServices()
  const selection = useStore(store)
  const hovered = useStore(document, (state) => state.hovered)
  useRepaint(open.session)
  const { byteLength } = open.info
  const selected = selectionText(selection, byteLength)
  const { focus } = selection
  return (
    <>
      <Item label="Offset" testId="status-offset">
        {hexOffset(focus, byteLength)} <span className={styles['second']}>{formatCount(focus)}</span>
      </Item>
      <span className={styles['percent']}>{formatPercent(focus, byteLength)}</span>
      {selected && (
        <Item
          label="Sel"
          testId="status-selection"
          className={styles['selection']}
          title={`First and last selected byte, and how many: ${selected.span}, ${selected.length}`}
        >
          {selected.span} <span className={styles['second']}>{selected.length}</span>
        </Item>
      )}
      <span
        className={`${styles['value']} ${styles['byte']}`}
        title="Byte at the caret: hex, decimal, binary, character"
      >
        {byteText(open.session, focus)}
      </span>
      {hovered !== undefined && hovered < byteLength && (
        <span className={`${styles['item']} ${styles['hover']}`}>
          <span className={styles['label']}>Pointer</span>
          <span className={styles['value']}>{hexOffset(hovered, byteLength)}</span>
        </span>
      )}
    </>
  )
}

/** What is going on, and what typing does. */
function Notes({ open }: { readonly open: OpenDocument }): ReactElement {
  const { document, settings, search } = useServices()
  const pendingEdits = useStore(document, (state) => state.pendingEdits)
  const isTabMovingFocus = useStore(settings, (state) => state.isTabMovingFocus)
  const outcome = useStore(search, (state) => state.outcome)
  const { info } = open
  const isWritable = info.mode === 'write-through'
  return (
    <div className={styles['notes']}>
      {outcome.kind === 'running' && (
        <span className={styles['value']}>
          Searching {outcome.total === 0 ? '' : formatPercent(outcome.scanned, outcome.total + 1)}
        </span>
      )}
      {pendingEdits > 0 && (
        <span className={styles['pending']} data-testid="edits-pending">
          {pendingEdits === 1 ? '1 edit waiting' : `${formatCount(pendingEdits)} edits waiting`}
        </span>
      )}
      {isTabMovingFocus && (
        <span className={styles['flag']} title="Ctrl+M makes Tab switch between hex and text again">
          Tab moves focus
        </span>
      )}
      <span
        className={styles['flag']}
        data-testid="status-mode"
        data-mode={info.mode}
        title={isWritable ? 'Overwrite, straight into the file' : info.readOnlyReason}
      >
        {isWritable ? 'OVR · Writable' : 'Read-only'}
      </span>
    </div>
  )
}

function Facts({ info }: { readonly info: DocumentInfo }): ReactElement {
  return (
    <>
      <span className={styles['value']} data-testid="status-size" title={formatBytes(info.byteLength)}>
        {formatSize(info.byteLength)}
        {info.byteLength >= 1024 && <span className={styles['second']}> {formatCount(info.byteLength)}</span>}
      </span>
      <span className={styles['value']} title="Revision: rises with every change">
        rev <span data-testid="status-revision">{info.revision}</span>
      </span>
    </>
  )
}

const CONNECTION_WORDS = {
  open: 'Connected',
  connecting: 'Connecting',
  waiting: 'Disconnected',
  stopped: 'Not connected',
}

function Connection(): ReactElement {
  const { connection } = useServices()
  const kind = useStore(connection, (state) => state.socket.kind)
  const roundTripMs = useStore(connection, (state) => state.roundTripMs)
  const roundTrip =
    roundTripMs === undefined ? '' : `${roundTripMs < 10 ? roundTripMs.toFixed(1) : Math.round(roundTripMs)} ms`
  return (
    <span className={styles['connection']} data-kind={kind} title={`${CONNECTION_WORDS[kind]} ${roundTrip}`}>
      <span className={styles['dot']} aria-hidden="true" />
      <span className={styles['value']}>
        {kind === 'open' && roundTrip !== '' ? roundTrip : CONNECTION_WORDS[kind]}
      </span>
    </span>
  )
}
