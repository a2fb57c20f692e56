import type { NativeMapping } from '@mapscope/native'
import { type ErrorContext, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'

/** Places listed in an error; there may be thousands. */
const MAX_PLACES = 3

interface Entry {
  readonly buffer: WeakRef<ArrayBuffer | SharedArrayBuffer> | undefined
  /** The line of the program that asked for it. */
  readonly place: string
}

type Entries = Map<number, Entry>

/** One for all maps: there may be tens of thousands. */
const COLLECTED: FinalizationRegistry<{ readonly entries: Entries; readonly id: number }> = new FinalizationRegistry(
  ({ entries, id }) => entries.delete(id),
)

/**
 * What of a map's memory is out, and where it was taken. Held weakly: memory that nobody can reach any more is out no longer. How many those
 * are is the addon's to say, whose finalizers are what frees the memory.
 */
export class Leases {
  readonly #native: NativeMapping
  readonly #context: ErrorContext
  readonly #entries: Entries = new Map()
  #lastId = 0

  constructor(native: NativeMapping, context: ErrorContext) {
    this.#native = native
    this.#context = context
  }

  /** Notes that `buffer` is out, if there is any: a view of no bytes has none. @returns what `giveBack` knows it by. */
  note(buffer: ArrayBuffer | SharedArrayBuffer | undefined, place: string): number {
    const id = ++this.#lastId
    this.#entries.set(id, { buffer: buffer === undefined ? undefined : new WeakRef(buffer), place })
    if (buffer !== undefined) COLLECTED.register(buffer, { entries: this.#entries, id })
    return id
  }

  isOut(id: number): boolean {
    return this.#entries.has(id)
  }

  /**
   * Detaches the memory. Done twice, or after the map was closed by force, it is done once.
   *
   * @throws `ERR_FAULT` for what a view met and nobody has been told of. It is given back then all the same.
   */
  giveBack(id: number): void {
    const buffer = this.#entries.get(id)?.buffer?.deref()
    this.#entries.delete(id)
    if (buffer instanceof ArrayBuffer) translated(() => this.#native.releaseExport(buffer), this.#context)
  }

  /**
   * Detaches all that can be: a `SharedArrayBuffer` cannot, and shows zeros once the mapping is closed.
   *
   * @returns what was thrown first.
   */
  revoke(): unknown {
    let first: unknown
    for (const id of [...this.#entries.keys()]) {
      try {
        this.giveBack(id)
      } catch (error) {
        first ??= error
      }
    }
    return first
  }

  /** @throws `ERR_EXPORTED` while something is out. `action` is what it stands in the way of, and `remedies` what to do. */
  assertNone(action: string, remedies: string): void {
    const count = this.#native.exports
    if (count === 0) return
    const out = [...this.#entries.values()].filter(({ buffer }) => buffer?.deref() !== undefined)
    const listed = out.slice(0, MAX_PLACES).map(({ place }) => `\n  ${place}`)
    const more = count > listed.length && listed.length > 0 ? `\n  and ${count - listed.length} more` : ''
    throw new MapscopeError(
      'ERR_EXPORTED',
      `The map cannot ${action}: ${views(count)} out${listed.length > 0 ? ', taken' : ''}${listed.join('')}${more}\n${remedies}`,
    )
  }
}

function views(count: number): string {
  return count === 1 ? '1 view is' : `${count} views are`
}

/** The line of the program that called `callee`. Worded like a stack's, which editors make a link of. */
export function placeOfCaller(callee: (...args: never[]) => unknown): string {
  const holder: { stack?: unknown } = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 1
  Error.captureStackTrace(holder, callee)
  Error.stackTraceLimit = limit
  // Read at once: unread, it keeps alive what the functions on the stack hold. Anybody may have replaced how it is written.
  const { stack } = holder
  const line = typeof stack === 'string' ? stack.split('\n').at(-1)?.trim() : undefined
  return line?.startsWith('at ') === true ? line : 'at a place without a name'
}
