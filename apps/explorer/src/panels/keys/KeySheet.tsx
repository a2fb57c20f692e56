import type { ReactElement } from 'react'
import { IS_MAC } from '../../app/platform.ts'
import { useServices } from '../../app/useServices.ts'
import { COMMANDS, type Command, type CommandArea, chordLabels } from '../../commands/index.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Keys } from '../../ui/Keys.tsx'
import styles from './keys.module.css'

const AREAS: readonly { readonly area: CommandArea; readonly title: string }[] = [
  { area: 'file', title: 'File' },
  { area: 'search', title: 'Search' },
  { area: 'edit', title: 'Edit' },
  { area: 'view', title: 'View' },
  { area: 'navigate', title: 'Move' },
  { area: 'select', title: 'Select' },
]

/** Every command with its keys; a click runs it. */
export function KeySheet({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog title="Commands and keys" onClose={onClose}>
      <div className={styles['sheet']} data-testid="key-sheet">
        {AREAS.map(({ area, title }) => (
          <section key={area}>
            <h3>{title}</h3>
            {rowsOf(area).map((commands) => (
              <CommandRow key={commands[0].id} commands={commands} onClose={onClose} />
            ))}
            {area === 'select' && (
              <p className={styles['note']}>
                Extend the selection
                <span className={styles['chords']}>
                  <Keys labels={['Shift', 'any move']} />
                </span>
              </p>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  )
}

type Row = readonly [Command, ...Command[]]

/** Commands of one title are one row: the same thing with a key for another place. */
function rowsOf(area: CommandArea): Row[] {
  const rows = new Map<string, Row>()
  for (const command of COMMANDS) {
    if (command.area !== area || command.isUnlisted) continue
    const row = rows.get(command.title)
    rows.set(command.title, row === undefined ? [command] : [...row, command])
  }
  return [...rows.values()]
}

function CommandRow({ commands, onClose }: { readonly commands: Row; readonly onClose: () => void }): ReactElement {
  const services = useServices()
  const [command] = commands
  const isPossible = command.when(services)
  const run = () => {
    onClose()
    command.run(services)
  }
  return (
    <button type="button" className={styles['row']} disabled={!isPossible} onClick={run}>
      <span className={styles['title']}>{command.title}</span>
      <span className={styles['chords']}>
        {commands
          .flatMap(({ chords }) => chords)
          .map((chord) => (
            <Keys key={chord} labels={chordLabels(chord, IS_MAC)} />
          ))}
      </span>
    </button>
  )
}
