import { type ScrollSpace, wheelPx } from './scroll.ts'

const FINE = 0.1

/** The parts of a WheelEvent that scrolling reads. */
export interface WheelInput {
  readonly deltaX: number
  readonly deltaY: number
  readonly deltaMode: number
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Pixels a wheel event scrolls: Shift makes each notch a page, Alt a tenth. */
export function wheelScrollPx(space: ScrollSpace, wheel: WheelInput): number {
  // With Shift held some systems turn the wheel sideways before the page sees it.
  const delta = wheel.deltaY === 0 && wheel.shiftKey ? wheel.deltaX : wheel.deltaY
  if (wheel.shiftKey) return Math.sign(delta) * space.rowHeightPx * Math.max(1, space.visibleRows - 1)
  return wheelPx(space, { delta, deltaMode: wheel.deltaMode }) * (wheel.altKey ? FINE : 1)
}

/** Listens without `passive`, so that the page behind does not move; Ctrl+wheel stays the browser's zoom. */
export function listenWheel(element: HTMLElement, onWheel: (wheel: WheelEvent) => void): () => void {
  const listener = (event: WheelEvent): void => {
    if (event.ctrlKey) return
    event.preventDefault()
    onWheel(event)
  }
  element.addEventListener('wheel', listener, { passive: false })
  return () => element.removeEventListener('wheel', listener)
}
