import { type ReactElement, useId } from 'react'
import styles from './ui.module.css'

export interface SegmentedProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string }[]
  readonly onChange: (value: T) => void
}

/** A few exclusive choices side by side: radio buttons underneath, so arrow keys and screen readers know them. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>): ReactElement {
  const name = useId()
  return (
    <fieldset className={styles['segmented']} aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles['segment']} data-checked={option.value === value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.title}
        </label>
      ))}
    </fieldset>
  )
}
