import type { Pane, SelectionState, SelectionStore } from '../state/selection.ts'
import { selectedRange } from '../state/selection.ts'
import { autoscrollSpeed, beyond } from './autoscroll.ts'
import { type GridView, hitTest, nearestOffset } from './geometry.ts'

/** What pointers need of the grid. */
export interface PointerTarget {
  readonly element: HTMLElement
  readonly selection: SelectionStore
  /** Undefined until the grid has been laid out. */
  gridView(): GridView | undefined
  scrollByPx(deltaPx: number): void
  onHover(offset: number | undefined): void
}

interface Point {
  readonly x: number
  readonly y: number
}

type Gesture =
  | { readonly kind: 'select'; readonly pane: Pane; sinceMs: number; lastMs: number }
  | { readonly kind: 'pan'; lastY: number }

/** Selecting, panning by touch and hovering. */
export class PointerInput {
  readonly #target: PointerTarget
  readonly #listeners = new AbortController()
  #gesture: Gesture | undefined
  #at: Point | undefined
  #hovered: number | undefined
  #frame = 0

  constructor(target: PointerTarget) {
    this.#target = target
    const { signal } = this.#listeners
    const { element } = target
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal })
    element.addEventListener('pointermove', (event) => this.#move(event), { signal })
    element.addEventListener('pointerup', () => this.#end(), { signal })
    element.addEventListener('pointercancel', () => this.#end(), { signal })
    element.addEventListener('lostpointercapture', () => this.#end(), { signal })
    element.addEventListener('pointerleave', () => this.#leave(), { signal })
  }

  /** The bytes moved under a resting pointer. */
  refreshHover(): void {
    if (this.#at && !this.#gesture) this.#hover(this.#at)
  }

  dispose(): void {
    this.#listeners.abort()
    cancelAnimationFrame(this.#frame)
  }

  #down(event: PointerEvent): void {
    const view = this.#target.gridView()
    const at = this.#pointOf(event)
    if (!view) return
    const hit = hitTest(view, at.x, at.y)
    if (event.pointerType === 'touch') this.#gesture = { kind: 'pan', lastY: at.y }
    if (hit.kind !== 'cell') return
    if (event.button === 2) this.#moveUnderMenu(hit.offset, hit.pane)
    if (event.button !== 0) return
    this.#place({ offset: hit.offset, pane: hit.pane, isExtending: event.shiftKey })
    if (event.pointerType === 'touch') return
    this.#target.element.setPointerCapture(event.pointerId)
    this.#gesture = { kind: 'select', pane: hit.pane, sinceMs: 0, lastMs: 0 }
  }

  #move(event: PointerEvent): void {
    const at = this.#pointOf(event)
    this.#at = at
    if (this.#gesture?.kind === 'pan') {
      this.#target.scrollByPx(this.#gesture.lastY - at.y)
      this.#gesture.lastY = at.y
    } else if (this.#gesture?.kind === 'select') {
      this.#extendTo(at, this.#gesture.pane)
      if (this.#beyond() !== 0 && this.#frame === 0) this.#autoscroll()
    } else {
      this.#hover(at)
    }
  }

  #end(): void {
    this.#gesture = undefined
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  #leave(): void {
    this.#at = undefined
    this.#report(undefined)
  }

  /** The menu's commands act on the selection; outside of one they act on the byte that was clicked. */
  #moveUnderMenu(offset: number, pane: Pane): void {
    const selected = selectedRange(this.#target.selection.getState())
    const isInside = selected && offset >= selected.start && offset < selected.end
    if (!isInside) this.#place({ offset, pane, isExtending: false })
  }

  #place(to: { offset: number; pane: Pane; isExtending: boolean }): void {
    const byteLength = this.#target.gridView()?.byteLength ?? 0
    const { anchor } = this.#target.selection.getState()
    const next: SelectionState = to.isExtending
      ? { anchor: lastByte(anchor, byteLength), focus: lastByte(to.offset, byteLength), pane: to.pane, nibble: 'high' }
      : { anchor: to.offset, focus: to.offset, pane: to.pane, nibble: 'high' }
    this.#target.selection.setState(next)
  }

  #extendTo(at: Point, pane: Pane): void {
    const view = this.#target.gridView()
    if (!view) return
    const body = bodyOf(view, this.#target.element)
    const y = Math.max(body.start, Math.min(at.y, body.end - 1))
    const offset = nearestOffset(view, at.x, y, pane)
    const { anchor, focus } = this.#target.selection.getState()
    // A click after the last byte that trembles stays a click; only a byte can be selected.
    if (offset === focus || (offset >= view.byteLength && anchor === focus)) return
    this.#place({ offset, pane, isExtending: true })
  }

  #beyond(): number {
    const view = this.#target.gridView()
    if (!view || !this.#at) return 0
    const body = bodyOf(view, this.#target.element)
    return beyond(this.#at.y, body.start, body.end)
  }

  #autoscroll(): void {
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#frame = 0
      const gesture = this.#gesture
      const view = this.#target.gridView()
      if (gesture?.kind !== 'select' || !view || !this.#at) return
      const beyondPx = this.#beyond()
      if (beyondPx === 0) {
        gesture.sinceMs = gesture.lastMs = 0
        return
      }
      if (gesture.sinceMs === 0) gesture.sinceMs = gesture.lastMs = nowMs
      const rows = (autoscrollSpeed(beyondPx, nowMs - gesture.sinceMs) * (nowMs - gesture.lastMs)) / 1000
      gesture.lastMs = nowMs
      this.#target.scrollByPx(rows * view.layout.rowHeight)
      this.#extendTo(this.#at, gesture.pane)
      this.#autoscroll()
    })
  }

  #hover(at: Point): void {
    const view = this.#target.gridView()
    if (!view) return
    const hit = hitTest(view, at.x, at.y)
    this.#report(hit.kind === 'cell' && hit.offset < view.byteLength ? hit.offset : undefined)
  }

  #report(offset: number | undefined): void {
    if (offset === this.#hovered) return
    this.#hovered = offset
    this.#target.onHover(offset)
  }

  #pointOf(event: PointerEvent): Point {
    const box = this.#target.element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
}

/** Where rows are painted, in the element's y. */
function bodyOf(view: GridView, element: HTMLElement): { start: number; end: number } {
  return { start: view.layout.headerHeight, end: element.clientHeight }
}

/** Selections are made of bytes; the place after the last one is for the caret alone. */
function lastByte(offset: number, byteLength: number): number {
  return Math.max(0, Math.min(offset, byteLength - 1))
}
