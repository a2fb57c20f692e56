import { type PointerEvent, useEffect, useRef } from 'react'
import type { ViewStore } from '../state/view.ts'
import { type ScrollSpace, scrollByRows } from './scroll.ts'
import { thumbOf } from './thumb.ts'
import { yIn } from './track.ts'

const REPEAT_DELAY_MS = 320
const REPEAT_MS = 70

/** What a held track does; the scrollbar forwards its pointer events. */
export interface Paging {
  readonly start: (event: PointerEvent) => void
  readonly follow: (event: PointerEvent) => void
  readonly stop: () => void
}

/** Pages while the track is held, towards the pointer and no further. */
export function usePaging(
  trackRef: { readonly current: HTMLElement | null },
  target: { readonly view: ViewStore; readonly space: ScrollSpace },
): Paging {
  const latest = useRef(target)
  const held = useRef({ y: 0, direction: 0, timer: 0 })
  useEffect(() => {
    latest.current = target
  })
  useEffect(() => () => clearTimeout(held.current.timer), [])

  const thumb = (): { start: number; end: number } => {
    const { view, space } = latest.current
    const { topPx, heightPx } = thumbOf(space, view.getState(), trackRef.current?.clientHeight ?? 0)
    return { start: topPx, end: topPx + heightPx }
  }
  const page = (delayMs: number): void => {
    const { view, space } = latest.current
    const { y, direction } = held.current
    const isReached = direction < 0 ? y >= thumb().start : y < thumb().end
    if (!isReached) view.setState(scrollByRows(space, view.getState(), direction * Math.max(1, space.visibleRows - 1)))
    held.current.timer = window.setTimeout(() => page(REPEAT_MS), delayMs)
  }
  return {
    start: (event) => {
      const y = yIn(trackRef.current, event)
      held.current = { y, direction: y < thumb().start ? -1 : 1, timer: 0 }
      event.currentTarget.setPointerCapture(event.pointerId)
      page(REPEAT_DELAY_MS)
    },
    follow: (event) => {
      held.current.y = yIn(trackRef.current, event)
    },
    stop: () => clearTimeout(held.current.timer),
  }
}
