import type { Mark } from './grid_bytes.ts'

/** How long a byte that changed outside stays lit. */
export const FLASH_MS = 1200
/** Strengths are stepped, so that a fading row repaints 12 times and not 72. */
const STEPS = 12

/** Remembers when each changed range was first painted and says how strongly it still glows. */
export class Flashes {
  readonly #firstSeen = new Map<string, number>()
  #isFading = false

  /** Whether any flash asked about since the last `begin` still needs frames. */
  get isFading(): boolean {
    return this.#isFading
  }

  /** Starts a frame that paints these marks; ranges no longer marked are forgotten, so a later change flashes again. */
  begin(marks: readonly Mark[]): void {
    this.#isFading = false
    if (this.#firstSeen.size === 0) return
    const present = new Set(marks.map(keyOf))
    for (const key of this.#firstSeen.keys()) if (!present.has(key)) this.#firstSeen.delete(key)
  }

  /** 1 fresh, 0 over. With reduced motion it does not fade: it is there, then it is not. */
  strength(mark: Mark, nowMs: number, isMotionReduced: boolean): number {
    if (mark.kind !== 'changed') return 1
    const age = nowMs - this.#since(mark, nowMs)
    if (age >= FLASH_MS) return 0
    this.#isFading = true
    return isMotionReduced ? 1 : Math.ceil((1 - Math.max(0, age) / FLASH_MS) * STEPS) / STEPS
  }

  #since(mark: Mark, nowMs: number): number {
    if (mark.sinceMs !== undefined) return mark.sinceMs
    const key = keyOf(mark)
    const seen = this.#firstSeen.get(key)
    if (seen !== undefined) return seen
    this.#firstSeen.set(key, nowMs)
    return nowMs
  }
}

function keyOf(mark: Mark): string {
  return `${mark.start}-${mark.end}`
}
