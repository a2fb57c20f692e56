import type { ComponentProps, ReactElement } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import styles from './ui.module.css'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  /** `plain` has an outline, `quiet` none until it is pointed at. */
  readonly look?: 'primary' | 'plain' | 'quiet'
  readonly icon?: IconName
}

/** Icon-only when it has no children; give it an `aria-label` then. */
export function Button({ look = 'plain', icon, children, ...rest }: ButtonProps): ReactElement {
  const shape = children === undefined ? styles['iconOnly'] : ''
  return (
    <button type="button" {...rest} className={`${styles['button']} ${styles[look]} ${shape}`}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
