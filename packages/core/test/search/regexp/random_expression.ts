import type { Random } from '../../support/random.ts'

/** An expression of the syntax that JavaScript and CPython's `re` share, so that it can be written in both. */
export type Expr =
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'dot' }
  | { readonly kind: 'escape'; readonly letter: EscapeLetter }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Expr[] }
  | { readonly kind: 'group'; readonly item: Expr; readonly isCapturing: boolean }
  | Repeat
  | { readonly kind: 'look'; readonly sign: LookSign; readonly item: Expr }
  | { readonly kind: 'edge'; readonly sign: EdgeSign }
  /** What the expression's first group took; that is its first item and always takes part. */
  | { readonly kind: 'again'; readonly of: Expr }

export interface Repeat {
  readonly kind: 'repeat'
  readonly item: Expr
  readonly min: number
  readonly max: number
  readonly isLazy: boolean
}

type EscapeLetter = 'w' | 'W' | 'd' | 'D' | 's' | 'S'
type LookSign = '=' | '!' | '<=' | '<!'
type EdgeSign = '^' | '$' | '\\b' | '\\B'

export interface ExpressionOptions {
  /** What literals are taken from, so that they occur. */
  readonly data: Uint8Array
  /** Nothing above 7F is written: the flag `i` folds Latin-1 in JavaScript (E0 is C0) and ASCII alone in Python. */
  readonly isAscii: boolean
  /** Back references, which neither fold in ASCII alone nor alike under `i`. */
  readonly hasReferences: boolean
}

/** A byte that no unbounded repetition takes: data that has one every `RUN_BYTE_LENGTH` bytes bounds what an expression can look at. */
export const STOP = 0xff
export const RUN_BYTE_LENGTH = 30

/**
 * A random expression. Left out are the constructs that the two languages take differently: a repeated item is never empty (JavaScript refuses an empty
 * round, so that `(?:a*?)?` takes an `a`), look-behinds have one length (Python has no others), and a back reference only follows a group
 * that took part (else it is empty in JavaScript and fails in Python).
 */
export function randomExpression(random: Random, options: ExpressionOptions): Expr {
  const maker = new Maker(random, options)
  if (!options.hasReferences || random.chance(0.9)) return maker.choice(2, false)
  const first: Expr = { kind: 'group', item: maker.choice(1, false), isCapturing: true }
  return { kind: 'sequence', items: [first, maker.sequence(1, false), { kind: 'again', of: first }] }
}

class Maker {
  readonly #random: Random
  readonly #options: ExpressionOptions

  constructor(random: Random, options: ExpressionOptions) {
    this.#random = random
    this.#options = options
  }

  choice(depth: number, isInRun: boolean): Expr {
    const count = this.#random.chance(0.25) ? this.#random.between(2, 4) : 1
    const items = Array.from({ length: count }, () => this.sequence(depth, isInRun))
    return count === 1 ? (items[0] as Expr) : { kind: 'choice', items }
  }

  sequence(depth: number, isInRun: boolean): Expr {
    const items = Array.from({ length: this.#random.between(1, 4) }, () => this.#item(depth, isInRun))
    return { kind: 'sequence', items: items.flat() }
  }

  #item(depth: number, isInRun: boolean): Expr[] {
    const kind = this.#random.between(0, 19)
    if (kind < 4) return this.#word(isInRun)
    if (kind < 10) return [this.#repeat(depth, isInRun)]
    if (kind === 10) return [{ kind: 'edge', sign: this.#random.pick(['^', '$', '\\b', '\\B']) }]
    if (kind === 11 && depth > 0) return [this.#look(depth)]
    if (kind < 14 && depth > 0)
      return [{ kind: 'group', item: this.choice(depth - 1, isInRun), isCapturing: this.#random.chance(0.3) }]
    return [this.#atom(isInRun)]
  }

  /** Bytes that follow each other in the data. */
  #word(isInRun: boolean): Expr[] {
    const { data } = this.#options
    const start = this.#random.between(0, data.length - 1)
    const bytes = data.subarray(start, start + this.#random.between(1, 6))
    const fitting = [...bytes].filter((byte) => this.#isWritten(byte) && !(isInRun && byte === STOP))
    return fitting.length > 0 ? fitting.map((byte) => ({ kind: 'byte', byte })) : [this.#atom(isInRun)]
  }

  #repeat(depth: number, isInRun: boolean): Expr {
    const [min, max] = this.#random.pick([
      [0, 1],
      [0, Number.POSITIVE_INFINITY],
      [1, Number.POSITIVE_INFINITY],
      [2, Number.POSITIVE_INFINITY],
      [2, 2],
      [1, 3],
      [0, 4],
      [3, 9],
      [8, 40],
    ] as const)
    const isRun = isInRun || max === Number.POSITIVE_INFINITY
    const isGroup = depth > 0 && this.#random.chance(0.25)
    const item: Expr = isGroup
      ? { kind: 'group', item: this.choice(depth - 1, isRun), isCapturing: this.#random.chance(0.3) }
      : this.#atom(isRun)
    const repeated = byteLengthsOf(item)[0] > 0 ? item : this.#atom(isRun)
    return { kind: 'repeat', item: repeated, min, max, isLazy: this.#random.chance(0.3) }
  }

  #look(depth: number): Expr {
    const sign = this.#random.pick(['=', '!', '<=', '<!'] as const)
    if (sign === '=' || sign === '!') return { kind: 'look', sign, item: this.choice(depth - 1, false) }
    const items = Array.from({ length: this.#random.between(1, 3) }, () => this.#atom(false))
    return { kind: 'look', sign, item: { kind: 'sequence', items } }
  }

  #atom(isInRun: boolean): Expr {
    const kind = this.#random.between(0, 9)
    if (kind < 4) return { kind: 'byte', byte: this.#byte(isInRun) }
    if (kind === 4 && !isInRun) return { kind: 'dot' }
    if (kind === 5)
      return { kind: 'escape', letter: this.#random.pick(isInRun ? ['w', 'd', 's'] : ['w', 'W', 'd', 'D', 's', 'S']) }
    return this.#class(isInRun)
  }

  #class(isInRun: boolean): Expr {
    const isNegated = this.#random.chance(0.3)
    const ranges = Array.from({ length: this.#random.between(1, 3) }, (): readonly [number, number] => {
      const first = this.#byte(!isNegated)
      const most = this.#options.isAscii ? 0x7f : STOP - 1
      return [first, Math.max(first, Math.min(most, first + this.#random.pick([0, 0, 1, 5, 25])))]
    })
    return { kind: 'class', isNegated, ranges: isNegated && isInRun ? [...ranges, [STOP, STOP]] : ranges }
  }

  #byte(isInRun: boolean): number {
    const { data } = this.#options
    for (let tries = 0; tries < 20; tries++) {
      const byte = this.#random.chance(0.9)
        ? this.#random.pick([...data.subarray(0, 400)])
        : this.#random.between(0, 255)
      if (this.#isWritten(byte) && !(isInRun && byte === STOP)) return byte
    }
    return 0x61
  }

  #isWritten(byte: number): boolean {
    return !this.#options.isAscii || byte < 0x80
  }
}

/** How long what an expression takes is, at least and at most. */
export function byteLengthsOf(expr: Expr): readonly [number, number] {
  switch (expr.kind) {
    case 'sequence': {
      const lengths = expr.items.map(byteLengthsOf)
      return [sum(lengths.map(([min]) => min)), sum(lengths.map(([, max]) => max))]
    }
    case 'choice': {
      const lengths = expr.items.map(byteLengthsOf)
      return [Math.min(...lengths.map(([min]) => min)), Math.max(...lengths.map(([, max]) => max))]
    }
    case 'repeat': {
      const [min, max] = byteLengthsOf(expr.item)
      return [min * expr.min, max * expr.max]
    }
    case 'group':
      return byteLengthsOf(expr.item)
    case 'again':
      return byteLengthsOf(expr.of)
    case 'look':
    case 'edge':
      return [0, 0]
    default:
      return [1, 1]
  }
}

/** No attempt looks farther than that to either side, in data with a `STOP` every so often; without them, unbounded repetitions have no such bound. */
export function sightOf(expr: Expr, runByteLength: number): number {
  switch (expr.kind) {
    case 'sequence':
    case 'choice':
      return sum(expr.items.map((item) => sightOf(item, runByteLength)))
    case 'repeat':
      // What the last round looks ahead at lies beyond the run.
      return (
        (expr.max === Number.POSITIVE_INFINITY ? runByteLength : 0) + roundsOf(expr) * sightOf(expr.item, runByteLength)
      )
    case 'group':
    case 'look':
      return sightOf(expr.item, runByteLength)
    case 'again':
      return sightOf(expr.of, runByteLength)
    default:
      return 1
  }
}

function roundsOf({ max }: Repeat): number {
  return max === Number.POSITIVE_INFINITY ? 1 : max
}

export function isUnbounded(expr: Expr): boolean {
  return sightOf(expr, Number.POSITIVE_INFINITY) === Number.POSITIVE_INFINITY
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
