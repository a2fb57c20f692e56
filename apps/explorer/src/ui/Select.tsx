import type { ComponentProps, ReactElement } from 'react'
import styles from './ui.module.css'

export interface SelectProps<T extends string>
  extends Omit<ComponentProps<'select'>, 'className' | 'onChange' | 'value' | 'aria-label'> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string }[]
  readonly onChange: (value: T) => void
}

/** One of many choices: the browser's own list, which keyboards, screen readers and phones know. */
export function Select<T extends string>({ label, options, onChange, ...rest }: SelectProps<T>): ReactElement {
  return (
    <select
      {...rest}
      className={styles['select']}
      aria-label={label}
      title={label}
      onChange={(event) => {
        const chosen = options.find(({ value }) => value === event.target.value)
        if (chosen !== undefined) onChange(chosen.value)
      }}
    >
      {options.map(({ value, title }) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  )
}
