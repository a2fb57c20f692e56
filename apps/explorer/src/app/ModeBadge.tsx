import type { DocumentInfo } from '@mapscope/protocol'
import type { ReactElement } from 'react'
import { Icon } from '../ui/Icon.tsx'
import styles from './shell.module.css'

/** What editing does, always in sight: nothing, or a store straight into the file. */
export function ModeBadge({ info }: { readonly info: DocumentInfo }): ReactElement {
  const isWritable = info.mode === 'write-through'
  const meaning = isWritable
    ? 'What you type is written to the file at once.'
    : (info.readOnlyReason ?? 'The file is open for reading only.')
  return (
    <span className={styles['badge']} data-mode={info.mode} title={meaning}>
      <Icon name={isWritable ? 'pen' : 'lock'} />
      <span className={styles['badgeName']}>{isWritable ? 'Writable' : 'Read-only'}</span>
      <span className={styles['badgeReason']}>{isWritable ? 'write-through' : info.readOnlyReason}</span>
    </span>
  )
}
