// biome-ignore-all lint/a11y/useSemanticElements: rows of a canvas grid; a table element would bring its own role and box
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is the one tab stop, and names the active cell itself
import { type ReactElement, useEffect, useReducer } from 'react'
import { useStore } from 'zustand'
import type { SelectionStore } from '../state/selection.ts'
import type { ViewStore } from '../state/view.ts'
import styles from '../styles/hexview.module.css'
import type { GridBytes } from './grid_bytes.ts'
import { type MirrorRow, mirrorOf } from './mirror.ts'
import { offsetDigitsOf, offsetLabel } from './rows.ts'

export interface AriaMirrorProps {
  readonly gridId: string
  readonly bytes: GridBytes
  readonly view: ViewStore
  readonly selection: SelectionStore
}

/** Largest row number said to a screen reader; beyond it counts do not fit its integers and the row's label says the offset. */
export const MAX_ARIA_ROWS: number = 2 ** 31 - 1

/** The id of a cell's element; `aria-activedescendant` of the grid names the caret's. */
export function cellId(gridId: string, offset: number): string {
  return `${gridId}-${offset}`
}

/** The grid as elements, for those who cannot see the canvas: the header and three rows, never more. */
export function AriaMirror({ gridId, bytes, view, selection }: AriaMirrorProps): ReactElement {
  useChangesOf(bytes)
  const columns = useStore(view, (state) => state.columns)
  const mirror = mirrorOf(bytes, useStore(selection), columns)
  const digits = offsetDigitsOf(bytes.byteLength)
  return (
    <div className={styles['mirror']} role="rowgroup">
      <div role="row" aria-rowindex={1}>
        <span role="columnheader">Offset</span>
        {Array.from({ length: columns }, (_, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the column, and columns do not move
          <span role="columnheader" key={column}>
            {column.toString(16).toUpperCase().padStart(2, '0')}
          </span>
        ))}
      </div>
      {mirror.rows.map((row) => (
        <Row
          key={row.row}
          gridId={gridId}
          row={row}
          label={offsetLabel(row.offset, digits)}
          rowCount={mirror.rowCount}
        />
      ))}
    </div>
  )
}

function Row(props: { gridId: string; row: MirrorRow; label: string; rowCount: number }): ReactElement {
  const { gridId, row, label } = props
  const hasIndex = props.rowCount < MAX_ARIA_ROWS
  return (
    <div role="row" data-offset={String(row.offset)} {...(hasIndex ? { 'aria-rowindex': row.row + 2 } : {})}>
      <span role="rowheader">{label}</span>
      {row.cells.map((cell) => (
        <span
          role="gridcell"
          key={cell.offset}
          id={cellId(gridId, cell.offset)}
          aria-label={cell.label}
          data-value={cell.value}
          data-state={cell.state}
        />
      ))}
    </div>
  )
}

/** Renders again when bytes or marks change, once per frame however often they do. */
function useChangesOf(bytes: GridBytes): void {
  const [, render] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let request = 0
    const unsubscribe = bytes.subscribe(() => {
      if (request !== 0) return
      request = requestAnimationFrame(() => {
        request = 0
        render()
      })
    })
    return () => {
      cancelAnimationFrame(request)
      unsubscribe()
    }
  }, [bytes])
}
