import { SharedBytes } from '../../source/shared_bytes.ts'
import type { Program, ScanJob, ScanReport } from './messages.ts'
import { findPlaces } from './needle_places.ts'
import { scanStarts } from './scan_starts.ts'
import { HitPairs, type Matchers, type ScanEnd, scanText, type TextScan } from './scan_text.ts'
import { stretchesOf } from './stretches.ts'

/** The engine keeps the text matched last, and with it the bytes, for as long as nothing else is matched. */
const DISTRACTION = /x/

/** Runs the windows of searches in one thread. Keeps what the next window needs again: an open mapping, a compiled expression. */
export class WindowScanner {
  readonly #mappings: Map<number, SharedBytes> = new Map()
  #compiled: { readonly key: string; readonly matchers: Matchers } | undefined

  scan(job: ScanJob, isCancelled: () => boolean): ScanReport {
    try {
      return job.subject.kind === 'mapping'
        ? this.#scanMapping(this.#open(job.subject.mapping), job, isCancelled)
        : this.#scanBytes(job.subject.bytes, job, isCancelled)
    } finally {
      DISTRACTION.test('x')
    }
  }

  forget(mapping: number): void {
    this.#mappings.get(mapping)?.close()
    this.#mappings.delete(mapping)
  }

  #open(mapping: number): SharedBytes {
    const open = this.#mappings.get(mapping) ?? new SharedBytes(mapping)
    this.#mappings.set(mapping, open)
    return open
  }

  #scanBytes(bytes: Uint8Array, job: ScanJob, isCancelled: () => boolean): ScanReport {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const hits = new HitPairs()
    const end = this.#run(job, { text, isCancelled, isLast: job.isLast }, { hits })
    return reportOf(job, end, hits.before())
  }

  /** The bytes may go while they are scanned: then those before the first that is gone are scanned again. */
  #scanMapping(shared: SharedBytes, job: ScanJob, isCancelled: () => boolean): ScanReport {
    const { textStart, textEnd, from } = job
    let lost: ScanReport['lost']
    for (let end = textEnd; ; ) {
      if (end <= from) return { hits: new Uint32Array(0), state: 'done', next: from, lost }
      const hits = new HitPairs()
      const scan = { text: shared.latin1({ start: textStart, end }), isCancelled, isLast: job.isLast || end < textEnd }
      const scanned = this.#run(job, scan, { hits, shared })
      const gone = shared.takeLost(end)
      shared.release({ start: textStart, end })
      if (gone === undefined) return { ...reportOf(job, scanned, hits.before(lost && end - textStart)), lost }
      lost = gone
      end = Math.min(end - 1, gone.offset)
    }
  }

  #run(
    job: ScanJob,
    given: Pick<TextScan, 'text' | 'isCancelled' | 'isLast'>,
    { hits, shared }: { readonly hits: HitPairs; readonly shared?: SharedBytes },
  ): ScanEnd {
    const from = job.from - job.textStart
    const ownEnd = Math.min(job.ownEnd - job.textStart, given.text.length + 1)
    const scan: TextScan = { ...given, from, ownEnd, limit: job.limit }
    const matchers = this.#matchersOf(job.program)
    const { needles } = job.program
    const places = needles && shared && findPlaces(shared, needles, { job, byteLength: given.text.length })
    if (needles === undefined || places === undefined) return scanText(scan, matchers, hits)
    return scanStarts(scan, matchers, stretchesOf(given.text, needles, places), hits)
  }

  #matchersOf({ source, flags, fixedByteLength }: Program): Matchers {
    const key = `${flags}/${source}`
    if (this.#compiled?.key !== key) {
      const matchers = {
        global: new RegExp(source, `${flags}g`),
        sticky: new RegExp(source, `${flags}y`),
        fixedByteLength,
      }
      this.#compiled = { key, matchers }
    }
    return this.#compiled.matchers
  }
}

function reportOf({ textStart }: ScanJob, { state, next }: ScanEnd, hits: Uint32Array): ScanReport {
  return { hits, state, next: textStart + next }
}
