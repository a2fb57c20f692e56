import type { FileEntry } from '@mapscope/protocol'
import type { ReactElement } from 'react'
import { formatBytes, formatSize, formatTime } from '../../ui/format.ts'
import { Icon } from '../../ui/Icon.tsx'
import styles from './picker.module.css'

const ICONS = { file: 'file', directory: 'folder', other: 'other' } as const

export interface FileRowProps {
  readonly id: string
  readonly entry: FileEntry
  readonly isActive: boolean
  readonly isOpening: boolean
  readonly refusal: string | undefined
  readonly onPoint: () => void
  readonly onActivate: () => void
}

export function rowId(listId: string, index: number): string {
  return `${listId}-${index}`
}

/** One entry. One that is known to be refused is shown with its reason, and can still be tried: the reason may have gone. */
export function FileRow(props: FileRowProps): ReactElement {
  const { entry, isActive, isOpening, refusal } = props
  const { byteLength, modifiedMs } = entry
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the filter keeps the focus and names the active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the filter's
    <div
      id={props.id}
      className={styles['row']}
      role="option"
      aria-selected={isActive}
      data-testid="file-row"
      data-path={entry.path}
      data-refused={refusal !== undefined}
      // A click leaves the focus in the filter, so that the keys go on working after it.
      onMouseDown={(event) => event.preventDefault()}
      onPointerMove={isActive ? undefined : props.onPoint}
      onClick={props.onActivate}
    >
      <span className={styles['icon']} data-kind={entry.kind}>
        <Icon name={ICONS[entry.kind]} />
      </span>
      <bdi className={styles['name']} title={entry.name}>
        {entry.name}
      </bdi>
      <span className={styles['note']}>{isOpening ? 'Opening…' : refusal}</span>
      <span className={styles['time']}>{modifiedMs === undefined ? '' : formatTime(modifiedMs)}</span>
      <span className={styles['size']} title={byteLength === undefined ? undefined : formatBytes(byteLength)}>
        {byteLength === undefined ? '' : formatSize(byteLength)}
      </span>
    </div>
  )
}
