import type { ReactElement } from 'react'
import { chordLabels, commandById } from '../commands/index.ts'
import { Button, type ButtonProps } from '../ui/Button.tsx'
import { IS_MAC } from './platform.ts'
import { useServices } from './useServices.ts'

export interface CommandButtonProps extends Omit<ButtonProps, 'onClick' | 'title'> {
  readonly command: string
}

/** A button that is nothing but a command: its title, its key in the tooltip. */
export function CommandButton({ command: id, ...rest }: CommandButtonProps): ReactElement {
  const services = useServices()
  const command = commandById(id)
  const chord = command.chords[0]
  const keys = chord === undefined ? '' : ` (${chordLabels(chord, IS_MAC).join(IS_MAC ? '' : '+')})`
  return (
    <Button
      aria-label={rest.children === undefined ? command.title : undefined}
      {...rest}
      title={`${command.title}${keys}`}
      onClick={() => command.when(services) && command.run(services)}
    />
  )
}
