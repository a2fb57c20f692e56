import { SharedBytes } from '../../source/shared_bytes.ts'
import type { Program, ScanJob, ScanReport, Subject } from './messages.ts'
import { NeedleFilter } from './needle_filter.ts'
import { scanStarts } from './scan_starts.ts'
import { HitPairs, type Matchers, type ScanEnd, scanText, type TextScan } from './scan_text.ts'

/** The engine keeps the text matched last, and with it the bytes, for as long as nothing else is matched. */
const DISTRACTION = /x/

/** A window during which bytes elsewhere went missing is looked at so often. */
const MAX_TRIES = 20

/** Runs the windows of searches in one thread. Keeps what the next window needs again: an open mapping, a compiled expression. */
export class WindowScanner {
  readonly #mappings: Map<number, SharedBytes> = new Map()
  #compiled: Compiled | undefined

  scan(job: ScanJob, isCancelled: () => boolean): ScanReport {
    try {
      return job.subject.kind === 'mapping'
        ? this.#scanMapped(job.subject, job, isCancelled)
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
    const text = (): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const hits = new HitPairs()
    const given = { text, bytes, byteLength: bytes.length, isCancelled, isLast: job.isLast }
    return reportOf(job, this.#run(job, given, hits), hits.before())
  }

  #scanMapped({ mapping, release }: MappedSubject, job: ScanJob, isCancelled: () => boolean): ScanReport {
    const shared = this.#open(mapping)
    for (const range of release.before) shared.release(range)
    try {
      return this.#scanMapping(shared, job, isCancelled)
    } finally {
      for (const range of release.after) shared.release(range)
    }
  }

  /** The bytes may go while they are scanned: then those before the first that is gone are scanned again. */
  #scanMapping(shared: SharedBytes, job: ScanJob, isCancelled: () => boolean): ScanReport {
    const { textStart, textEnd, from } = job
    let lost: ScanReport['lost']
    for (let end = textEnd, tries = 0; ; tries++) {
      if (end <= from) return { hits: new Uint32Array(0), state: 'done', next: from, lost }
      const hits = new HitPairs()
      const range = { start: textStart, end }
      const bytes = job.program.needles && shared.window(range)
      const isLast = job.isLast || end < textEnd
      const text = (): string => shared.latin1(range)
      const scanned = this.#run(job, { text, bytes, byteLength: end - textStart, isCancelled, isLast }, hits)
      const gone = shared.takeLost(range)
      if (gone === 'unsure' && tries < MAX_TRIES) continue
      if (gone === 'unsure') throw new Error('the file is not the same for long enough to be looked at')
      if (gone === undefined) return { ...reportOf(job, scanned, hits.before(lost && end - textStart)), lost }
      lost = gone
      end = Math.min(end - 1, gone.offset)
    }
  }

  /** Makes a text only where the engine must look: to V8 each weighs as much as a copy, and it clears up for it. */
  #run(job: ScanJob, { text, bytes, byteLength, isCancelled, isLast }: Given, hits: HitPairs): ScanEnd {
    const from = job.from - job.textStart
    const ownEnd = Math.min(job.ownEnd - job.textStart, byteLength + 1)
    const starts = { from, ownEnd, isLast, limit: job.limit, isCancelled }
    const { matchers, filter } = this.#compiledFor(job.program)
    if (filter === undefined || bytes === undefined) return scanText({ ...starts, text: text() }, matchers, hits)
    if (job.program.isWholeNeedle) return filter.scan(bytes, starts, hits)
    const places = filter.places(bytes, from)
    if (places?.places.length === 0) return { state: 'done', next: ownEnd }
    const scan: TextScan = { ...starts, text: text() }
    return places === undefined
      ? scanText(scan, matchers, hits)
      : scanStarts(scan, matchers, filter.stretches(scan.text, places), hits)
  }

  #compiledFor({ source, flags, fixedByteLength, needles }: Program): Compiled {
    const key = `${flags}/${source}`
    if (this.#compiled?.key === key) return this.#compiled
    const global = new RegExp(source, `${flags}g`)
    const sticky = new RegExp(source, `${flags}y`)
    const filter = needles && new NeedleFilter(needles)
    this.#compiled = { key, matchers: { global, sticky, fixedByteLength }, filter }
    return this.#compiled
  }
}

type MappedSubject = Extract<Subject, { kind: 'mapping' }>

interface Compiled {
  readonly key: string
  readonly matchers: Matchers
  readonly filter: NeedleFilter | undefined
}

/** A text, when it is asked for, and the same as bytes. */
interface Given extends Pick<TextScan, 'isCancelled' | 'isLast'> {
  readonly byteLength: number
  readonly bytes: Uint8Array | undefined
  text(): string
}

function reportOf({ textStart }: ScanJob, { state, next }: ScanEnd, hits: Uint32Array): ScanReport {
  return { hits, state, next: textStart + next }
}
