import { mergeRanges } from '@mapscope/core/shared'
import type { ByteRange } from '@mapscope/protocol'
import type { RefusedEvent, SearchedEvent, ServedEvent } from '../events/server_event.ts'
import type { AuditFacts } from './line.ts'

/** Ranges gathered for one line; more make a second one, so that a line stays readable and memory bounded. */
const MAX_RANGE_COUNT = 4_096
/** Different things of one moment; a flood of more is counted and no longer told apart. */
const MAX_KEY_COUNT = 4_096
/** What a client says is written down only so far. */
const MAX_TEXT_LENGTH = 512

interface Gathered {
  readonly facts: (count: number) => AuditFacts
  count: number
}

interface GatheredHits {
  readonly event: SearchedEvent
  readonly text: string
  ranges: ByteRange[]
  count: number
}

interface GatheredRanges {
  readonly event: ServedEvent
  ranges: ByteRange[]
  count: number
  byteLength: number
}

/**
 * Makes one line of what one person was served of one state of one file, in one way, since the last `take`: a viewer who scrolls
 * asks sixty times a second. Refusals are gathered likewise, or whoever is not let in could fill the disk.
 */
export class Coalescer {
  readonly #served: Map<string, GatheredRanges> = new Map()
  /** Where the last event went: the next one is mostly of the same kind, and a key takes longer than a look. */
  #last: GatheredRanges | undefined
  readonly #refused: Map<string, Gathered> = new Map()
  readonly #searched: Map<string, GatheredHits> = new Map()
  readonly #ready: AuditFacts[] = []

  served(event: ServedEvent): void {
    const last = this.#last
    const gathered = last !== undefined && isAlike(last.event, event) ? last : this.#gatheredFor(event)
    gathered.count++
    for (const range of event.ranges) {
      gathered.byteLength += range.end - range.start
      addRange(gathered.ranges, range)
    }
    if (gathered.ranges.length >= MAX_RANGE_COUNT) gathered.ranges = mergeRanges(gathered.ranges)
    if (gathered.ranges.length >= MAX_RANGE_COUNT / 2 || this.#served.size > MAX_KEY_COUNT)
      this.#endServed(keyOf(event), gathered)
  }

  refused(event: RefusedEvent): void {
    const { principal, code } = event
    const isFull = this.#refused.size >= MAX_KEY_COUNT
    const method = isFull ? '' : event.method.slice(0, 32)
    const path = isFull ? '' : event.path.slice(0, MAX_TEXT_LENGTH)
    const key = [principal.name, code, method, path].join('\0')
    const gathered = this.#refused.get(key) ?? {
      count: 0,
      facts: (count) => ({
        kind: 'refused',
        who: principal.name,
        role: principal.role,
        server: { code, count },
        client: { method, path },
      }),
    }
    gathered.count++
    this.#refused.set(key, gathered)
  }

  /** Going from hit to hit is one line a second, too. */
  searched(event: SearchedEvent): void {
    const { principal, path, etag, query } = event
    const text = this.#searched.size >= MAX_KEY_COUNT ? '' : query.text.slice(0, MAX_TEXT_LENGTH)
    const key = [principal.name, path, etag, query.kind, text].join('\0')
    const gathered = this.#searched.get(key) ?? { event, text, ranges: [], count: 0 }
    gathered.count++
    for (const range of event.ranges) addRange(gathered.ranges, range)
    this.#searched.set(key, gathered)
    if (gathered.ranges.length >= MAX_RANGE_COUNT / 2) this.#endSearched(key, gathered)
  }

  /** What was gathered, as facts for lines; gathering begins anew. */
  take(): AuditFacts[] {
    for (const [key, gathered] of this.#served) this.#endServed(key, gathered)
    for (const [key, gathered] of this.#searched) this.#endSearched(key, gathered)
    for (const { facts, count } of this.#refused.values()) this.#ready.push(facts(count))
    this.#refused.clear()
    return this.#ready.splice(0)
  }

  #endSearched(key: string, { event, text, ranges, count }: GatheredHits): void {
    const { principal, path, etag, query } = event
    this.#searched.delete(key)
    this.#ready.push({
      kind: 'searched',
      who: principal.name,
      role: principal.role,
      server: { path, etag, queryKind: query.kind, count, ranges: pairsOf(ranges) },
      client: { text },
    })
  }

  #gatheredFor(event: ServedEvent): GatheredRanges {
    const key = keyOf(event)
    const present = this.#served.get(key)
    const gathered = present ?? { event, ranges: [], count: 0, byteLength: 0 }
    if (present === undefined) this.#served.set(key, gathered)
    this.#last = gathered
    return gathered
  }

  #endServed(key: string, { event, ranges, count, byteLength }: GatheredRanges): void {
    const { principal, via, path, etag, status, outcome } = event
    this.#served.delete(key)
    this.#last = undefined
    this.#ready.push({
      kind: 'served',
      who: principal.name,
      role: principal.role,
      server: { via, path, etag, status, outcome, count, byteLength, ranges: pairsOf(ranges) },
    })
  }
}

function pairsOf(ranges: readonly ByteRange[]): number[][] {
  return mergeRanges(ranges).map(({ start, end }) => [start, end])
}

function keyOf({ principal, via, path, etag, status, outcome }: ServedEvent): string {
  return [principal.name, via, path, etag, status, outcome].join('\0')
}

/** Whether both have the same key. */
function isAlike(a: ServedEvent, b: ServedEvent): boolean {
  const isSameAnswer = a.via === b.via && a.status === b.status && a.outcome === b.outcome
  return isSameAnswer && a.etag === b.etag && a.path === b.path && a.principal.name === b.principal.name
}

/** Readers go forwards: most ranges touch the one before. */
function addRange(ranges: ByteRange[], range: ByteRange): void {
  const last = ranges.at(-1)
  if (last !== undefined && range.start >= last.start && range.start <= last.end) {
    if (range.end > last.end) ranges[ranges.length - 1] = { start: last.start, end: range.end }
    return
  }
  if (range.end > range.start) ranges.push(range)
}
