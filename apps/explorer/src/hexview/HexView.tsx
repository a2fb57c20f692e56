import {
  type KeyboardEvent,
  type ReactElement,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useStore } from 'zustand'
import type { SelectionStore } from '../state/selection.ts'
import type { ViewStore } from '../state/view.ts'
import styles from '../styles/hexview.module.css'
import { AriaMirror, cellId, MAX_ARIA_ROWS } from './AriaMirror.tsx'
import { type GridLayoutInfo, HexGrid } from './grid.ts'
import type { GridBytes } from './grid_bytes.ts'
import { columnOfOffset, rowCountOf } from './rows.ts'
import { Scrollbar } from './Scrollbar.tsx'
import { useByteLength } from './useByteLength.ts'

export interface HexViewProps {
  readonly bytes: GridBytes
  readonly view: ViewStore
  readonly selection: SelectionStore
  /** Whether typing changes bytes: the caret then shows which digit comes next. */
  readonly isEditable: boolean
  /** Repaints when it changes; the colours come from tokens.css by `data-theme` on the root element. */
  readonly theme: 'light' | 'dark'
  /** Bytes per row wanted, 1 to 512; `fit` takes the largest power of two that fits. Halved where it does not fit. */
  readonly columns?: number | 'fit'
  /** A printable character typed while the grid has the focus, without Ctrl, Alt or Meta. */
  readonly onType: (text: string) => void
  /** The byte under the pointer. */
  readonly onHover?: (offset: number | undefined) => void
  /** The grid's accessible name: the file's. */
  readonly label: string
}

const NO_LAYOUT: GridLayoutInfo = { rowHeightPx: 1, headerHeightPx: 0 }
const ignore = (): void => {}

/** The hex grid in React: mounts the imperative `HexGrid`, hands it props, and adds scrollbar, focus and the ARIA mirror. */
export function HexView(props: HexViewProps): ReactElement {
  const { bytes, view, selection, isEditable, theme, columns = 16, onType, onHover = ignore, label } = props
  const gridId = useId()
  const frameRef = useRef<HTMLDivElement>(null)
  const rootRef = useRef<HTMLDivElement>(null)
  const surfaceRef = useRef<HTMLDivElement>(null)
  const rulerRef = useRef<HTMLCanvasElement>(null)
  const bodyRef = useRef<HTMLDivElement>(null)
  const [grid, setGrid] = useState<HexGrid | undefined>()

  useLayoutEffect(() => {
    const [frame, root, surface] = [frameRef.current, rootRef.current, surfaceRef.current]
    const [ruler, body] = [rulerRef.current, bodyRef.current]
    if (!frame || !root || !surface || !ruler || !body) return undefined
    const made = new HexGrid({ root, frame, surface, hosts: { ruler, body }, bytes, view, selection })
    setGrid(made)
    return () => made.dispose()
  }, [bytes, view, selection])
  useLayoutEffect(() => grid?.configure({ isEditable, columns, onHover }), [grid, isEditable, columns, onHover])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the document's CSS; its name only says when
  useEffect(() => grid?.restyle(), [grid, theme])

  const layout = useLayout(grid)
  const byteLength = useByteLength(bytes)
  const rowCount = useStore(view, (state) => rowCountOf(byteLength, state.columns))
  const columnCount = useStore(view, (state) => state.columns + 1)
  const active = useActiveCell(props, gridId, byteLength)

  const typed = (event: KeyboardEvent): void => {
    if (event.target !== rootRef.current || !isTyping(event)) return
    event.preventDefault()
    onType(event.key)
  }

  return (
    <div ref={frameRef} className={styles['frame']}>
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas grid has no table element to be */}
      <div
        ref={rootRef}
        id={gridId}
        className={styles['grid']}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rowCount < MAX_ARIA_ROWS ? rowCount + 1 : -1}
        aria-colcount={columnCount}
        aria-readonly={!isEditable}
        aria-multiselectable
        aria-activedescendant={active}
        data-testid="hexgrid"
        onKeyDown={typed}
      >
        <div ref={surfaceRef} className={styles['surface']} aria-hidden="true">
          <canvas ref={rulerRef} className={styles['ruler']} />
          <div ref={bodyRef} className={styles['body']} />
        </div>
        <AriaMirror gridId={gridId} bytes={bytes} view={view} selection={selection} />
      </div>
      <Scrollbar view={view} byteLength={byteLength} rowHeightPx={layout.rowHeightPx} controls={gridId} />
    </div>
  )
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return false
  // Named keys ("Enter", "ArrowUp") have longer names; one code point is a character, also outside the basic plane.
  return [...event.key].length === 1
}

function useLayout(grid: HexGrid | undefined): GridLayoutInfo {
  return useSyncExternalStore(
    (listener) => grid?.subscribeLayout(listener) ?? ignore,
    () => grid?.layoutInfo() ?? NO_LAYOUT,
  )
}

function useActiveCell(props: HexViewProps, gridId: string, byteLength: number): string | undefined {
  const focus = useStore(props.selection, (state) => state.focus)
  const columns = useStore(props.view, (state) => state.columns)
  const isOnByte = focus < byteLength && columnOfOffset(focus, columns, byteLength) < columns
  return isOnByte ? cellId(gridId, focus) : undefined
}
