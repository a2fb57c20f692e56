import type { Expr, Repeat } from './random_expression.ts'

/** The two ways to write what means something else in the other language. */
interface Dialect {
  readonly dot: (flags: string) => string
  readonly start: (flags: string) => string
  readonly end: (flags: string) => string
  /** The letter of `\s` or `\S`. */
  readonly space: (letter: string) => string
}

export const JAVASCRIPT: Dialect = {
  dot: () => '.',
  start: () => '^',
  end: () => '$',
  space: (letter) => `\\${letter}`,
}

/**
 * Python's words for what JavaScript means: a line ends at CR too, `$` is not before a last line feed, and A0 is a space; CPython's `re` over bytes takes
 * LF alone, both places, and ASCII.
 */
export const PYTHON: Dialect = {
  dot: (flags) => (flags.includes('s') ? '[\\x00-\\xff]' : '[^\\x0a\\x0d]'),
  start: (flags) => (flags.includes('m') ? '(?:\\A|(?<=[\\x0a\\x0d]))' : '\\A'),
  end: (flags) => (flags.includes('m') ? '(?:\\Z|(?=[\\x0a\\x0d]))' : '\\Z'),
  space: (letter) => `[${letter === 'S' ? '^' : ''}\\x09-\\x0d\\x20\\xa0]`,
}

export function written(expr: Expr, flags: string, dialect: Dialect): string {
  const write = (item: Expr): string => written(item, flags, dialect)
  switch (expr.kind) {
    case 'byte':
      return escaped(expr.byte)
    case 'class': {
      const ranges = expr.ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`)
      return `[${expr.isNegated ? '^' : ''}${ranges.join('')}]`
    }
    case 'dot':
      return dialect.dot(flags)
    case 'escape':
      return /s/i.test(expr.letter) ? dialect.space(expr.letter) : `\\${expr.letter}`
    case 'sequence':
      return expr.items.map((item) => (item.kind === 'choice' ? `(?:${write(item)})` : write(item))).join('')
    case 'choice':
      return expr.items.map(write).join('|')
    case 'group':
      return `(${expr.isCapturing ? '' : '?:'}${write(expr.item)})`
    case 'repeat':
      return write(expr.item) + quantifier(expr)
    case 'look':
      return `(?${expr.sign}${write(expr.item)})`
    case 'edge':
      if (expr.sign === '^') return dialect.start(flags)
      return expr.sign === '$' ? dialect.end(flags) : expr.sign
    case 'again':
      return '\\1'
  }
}

function quantifier({ min, max, isLazy }: Repeat): string {
  const count = `{${min},${max === Number.POSITIVE_INFINITY ? '' : max}}`
  const short: Readonly<Record<string, string>> = { '{0,1}': '?', '{0,}': '*', '{1,}': '+' }
  return (short[count] ?? count) + (isLazy ? '?' : '')
}

function escaped(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[a-z0-9]/i.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`
}
