import { type ReactElement, type PointerEvent as ReactPointerEvent, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ViewStore } from '../state/view.ts'
import styles from '../styles/hexview.module.css'
import { bubbleText, positionText } from './position_text.ts'
import { rowCountOf } from './rows.ts'
import { lastTopRow, type ScrollPosition, type ScrollSpace } from './scroll.ts'
import { dragGain, moveDrag, positionAt, startDrag, type ThumbDrag, thumbOf } from './thumb.ts'
import { sidewaysOf, yIn } from './track.ts'
import { useHeight } from './useHeight.ts'
import { usePaging } from './usePaging.ts'

export interface ScrollbarProps {
  readonly view: ViewStore
  readonly byteLength: number
  readonly rowHeightPx: number
  /** The id of the grid it scrolls. */
  readonly controls: string
}

/** The scrollbar: a projection of `topRow`, which is why it works for files of any size. */
export function Scrollbar({ view, byteLength, rowHeightPx, controls }: ScrollbarProps): ReactElement {
  const { topRow, subRowPx, columns, visibleRows } = useStore(view)
  const trackRef = useRef<HTMLDivElement>(null)
  const trackPx = useHeight(trackRef)
  const [drag, setDrag] = useState<ThumbDrag | undefined>()
  const [gain, setGain] = useState(1)
  const space: ScrollSpace = { rowCount: rowCountOf(byteLength, columns), visibleRows, rowHeightPx }
  const thumb = thumbOf(space, { topRow, subRowPx }, trackPx)
  const last = lastTopRow(space)
  const offset = Math.min(byteLength, topRow * columns)
  const scrollTo = (position: ScrollPosition): void => view.setState(position)
  const paging = usePaging(trackRef, { view, space })

  const grab = (event: ReactPointerEvent): void => {
    if (event.button !== 0 || last === 0) return
    event.preventDefault()
    const y = yIn(trackRef.current, event)
    const isOnThumb = y >= thumb.topPx && y < thumb.topPx + thumb.heightPx
    if (!isOnThumb && !event.shiftKey) {
      paging.start(event)
      return
    }
    const from = isOnThumb ? view.getState() : positionAt(space, y - thumb.heightPx / 2, trackPx)
    if (!isOnThumb) scrollTo(from)
    event.currentTarget.setPointerCapture(event.pointerId)
    setGain(1)
    setDrag(startDrag(space, from, y))
  }
  const move = (event: ReactPointerEvent): void => {
    paging.follow(event)
    if (!drag) return
    const sidewaysPx = sidewaysOf(trackRef.current, event)
    const next = moveDrag(space, drag, { pointerPx: yIn(trackRef.current, event), sidewaysPx, trackPx })
    setDrag(next.drag)
    setGain(dragGain(sidewaysPx))
    scrollTo(next.position)
  }
  const release = (): void => {
    paging.stop()
    setDrag(undefined)
  }

  return (
    <div
      ref={trackRef}
      className={styles['scrollbar']}
      role="scrollbar"
      tabIndex={-1}
      aria-label="Position in the file"
      aria-controls={controls}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={1000}
      aria-valuenow={last === 0 ? 0 : Math.round((topRow / last) * 1000)}
      aria-valuetext={positionText(offset, byteLength)}
      aria-disabled={last === 0}
      data-testid="scrollbar"
      onPointerDown={grab}
      onPointerMove={move}
      onPointerUp={release}
      onLostPointerCapture={release}
    >
      <div
        className={styles['thumb']}
        data-dragging={drag !== undefined}
        hidden={last === 0}
        style={{ height: thumb.heightPx, transform: `translateY(${thumb.topPx}px)` }}
      />
      {drag && (
        <div className={styles['bubble']} style={{ top: thumb.topPx + thumb.heightPx / 2 }}>
          {bubbleText(offset, byteLength, gain)}
        </div>
      )}
    </div>
  )
}
