import type { ByteRange } from '../shared/index.ts'
import { checkedPageLength, type Page, type WindowEvent } from './run_series.ts'
import { ToldGaps } from './told_gaps.ts'

export interface FoundString {
  readonly offset: number
  readonly byteLength: number
}

/** Some strings, in order: as numbers, and as objects for whoever asks. The objects take ten times as long as finding the strings. */
export class StringPage implements Page<FoundString> {
  /** Offset and byteLength of each string, by turns: the first string's are `bounds[0]` and `bounds[1]`. */
  readonly bounds: Float64Array
  readonly unreadable: readonly ByteRange[]
  #items: readonly FoundString[] | undefined

  constructor(bounds: Float64Array, unreadable: readonly ByteRange[]) {
    this.bounds = bounds
    this.unreadable = unreadable
  }

  /** Strings of this page. */
  get length(): number {
    return this.bounds.length / 2
  }

  /** Made when it is asked for the first time. */
  get items(): readonly FoundString[] {
    this.#items ??= itemsOf(this.bounds)
    return this.#items
  }
}

function itemsOf(bounds: Float64Array): FoundString[] {
  const items: FoundString[] = []
  for (let at = 0; at < bounds.length; at += 2)
    items.push({ offset: bounds[at] as number, byteLength: bounds[at + 1] as number })
  return items
}

export interface StringPagesOptions {
  readonly range: ByteRange
  readonly pageLength: number | undefined
}

/** What a scanner found as pages of `pageLength` strings, the last one shorter. */
export async function* stringPages(
  events: AsyncIterable<WindowEvent>,
  { range, pageLength }: StringPagesOptions,
): AsyncGenerator<StringPage> {
  const most = 2 * checkedPageLength(pageLength)
  const gaps = new ToldGaps(range)
  let held: Float64Array[] = []
  let heldLength = 0
  const page = (): StringPage => {
    const bounds = concatenated(held, heldLength)
    held = []
    heldLength = 0
    return new StringPage(bounds, gaps.take())
  }
  for await (const event of events) {
    if ('unreadable' in event) gaps.add(event.unreadable)
    if (!('found' in event)) continue
    const { runs } = event.found
    for (let at = 0; at < runs.length; ) {
      const piece = runs.subarray(at, at + most - heldLength)
      held.push(piece)
      heldLength += piece.length
      at += piece.length
      if (heldLength === most) yield page()
    }
  }
  const last = page()
  if (last.length > 0 || last.unreadable.length > 0) yield last
}

function concatenated(pieces: readonly Float64Array[], length: number): Float64Array {
  if (pieces.length === 1) return pieces[0] as Float64Array
  const whole = new Float64Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
