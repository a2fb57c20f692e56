import type { ByteRange } from '../../shared/index.ts'
import { Chain, type RunWindow } from './chain.ts'
import type { RegexpBatch } from './hits.ts'
import type { ScanReport } from './messages.ts'
import type { SearchSubject } from './subject.ts'
import type { Window } from './window_jobs.ts'

/**
 * What windows of zeros came to. An expression cannot tell one hole from another, so each shape of a window is run once; and if nothing matches in one, nothing
 * matches in a hole of any length.
 */
export class ZeroWindows {
  readonly #known: Map<string, ScanReport> = new Map()
  readonly #run: RunWindow

  constructor(run: RunWindow) {
    this.#run = run
  }

  /** The hits that begin in a hole around which the expression sees nothing else, from where `outer` has come to; takes it to the hole's end. */
  async *follow(subject: SearchSubject, hole: ByteRange, outer: Chain): AsyncGenerator<RegexpBatch> {
    const chain = new Chain(subject, Math.max(hole.start, outer.at), (window) => this.#runOnce(window, hole, subject))
    while (chain.at < hole.end) {
      const end = Math.min(hole.end, chain.at + subject.limits.windowByteLength)
      let hasHits = false
      for await (const batch of chain.followPiece(chain.windowOf({ start: chain.at, end }))) {
        hasHits = true
        outer.at = chain.at
        yield batch
      }
      if (!hasHits) break
    }
    outer.at = Math.max(chain.at, hole.end)
  }

  async #runOnce(window: Window, hole: ByteRange, { behind, ahead }: SearchSubject): Promise<ScanReport> {
    const { text, starts, limit } = window
    if (text.start < hole.start - behind || text.end > hole.end + ahead) return await this.#run(window)
    const shape = `${starts.start - text.start} ${starts.end - text.start} ${text.end - text.start} ${limit}`
    let known = this.#known.get(shape)
    if (known === undefined) {
      const report = await this.#run(window)
      if (report.lost !== undefined) return report
      known = { ...report, next: report.next - text.start }
      this.#known.set(shape, known)
    }
    return { ...known, next: known.next + text.start }
  }
}
