import type { ReactElement } from 'react'
import styles from './ui.module.css'

/** The keys of a chord as keycaps. */
export function Keys({ labels }: { readonly labels: readonly string[] }): ReactElement {
  return (
    <span className={styles['keys']}>
      {labels.map((label) => (
        <kbd key={label}>{label}</kbd>
      ))}
    </span>
  )
}
