import { parseCount } from '../offset/number.ts'
import type { QueryResult } from './compiled.ts'
import { type FloatType, type IntegerType, NUMBER_TYPES } from './number_types.ts'
import type { NumberType } from './pattern.ts'

/**
 * A number in any place: `1234`, `-5`, `0x1F`, `4k`; from `10..20` (both included; a side left out is the type's end); `100±5` or `100+-5`.
 * Fractions as `1.5`, `-2e-3`, `inf`; one alone is what the type has nearest to it.
 */
export interface ValueQuery {
  readonly kind: 'number'
  readonly text: string
  readonly type: NumberType
  /** Default true. */
  readonly isLittleEndian?: boolean | undefined
}

type Parsed<T> = { readonly value: T } | { readonly problem: string }
type Bounds<T> = { readonly min: T; readonly max: T } | { readonly problem: string }

const TYPE_NAME = /^([uif])(8|16|32|64)(le|be)?$|^([us]leb128)$/
const FLOAT = /^[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:e[+-]?[0-9]+)?$/i
const INFINITY = /^([+-]?)inf(?:inity)?$/i
const NOT_A_NUMBER = /^[+-]?nan$/i

/** `u32le`, `i16be`, `f64`, `uleb128`: a type as a person names it. Without an ending it is little-endian. */
export function parseNumberType(
  name: string,
): { readonly type: NumberType; readonly isLittleEndian: boolean } | { readonly problem: string } {
  const match = TYPE_NAME.exec(name.toLowerCase())
  const type = match?.[4] ?? `${match?.[1]}${match?.[2]}`
  if (match !== null && type in NUMBER_TYPES) return { type: type as NumberType, isLittleEndian: match[3] !== 'be' }
  return {
    problem: `“${name}” is no type of number; use u8 to u64, i8 to i64 or f16 to f64 with le or be, uleb128 or sleb128.`,
  }
}

export function compileNumber({ text, type: name, isLittleEndian = true }: ValueQuery): QueryResult {
  const type = Object.hasOwn(NUMBER_TYPES, name) ? NUMBER_TYPES[name] : undefined
  if (type === undefined)
    return { problem: `“${name}” is no type of number; use u8 to u64, i8 to i64, f16 to f64, uleb128 or sleb128.` }
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'Type the number to look for: 1234, 0x1F, 10..20 or 100±5.' }
  const bounds = type.family === 'integer' ? integerBounds(trimmed, name, type) : floatBounds(trimmed, name, type)
  if ('problem' in bounds) return bounds
  if (bounds.min > bounds.max) return { problem: `The range runs backwards; write ${bounds.max}..${bounds.min}.` }
  return { query: { kind: 'number', pattern: { kind: 'number', type: name, isLittleEndian, ...bounds } } }
}

function integerBounds(text: string, name: NumberType, type: IntegerType): Bounds<bigint> {
  const inType = (word: string): Parsed<bigint> => {
    const parsed = parseInteger(word)
    if ('problem' in parsed || (parsed.value >= type.min && parsed.value <= type.max)) return parsed
    return { problem: `${word} is no ${name}, which goes from ${type.min} to ${type.max}.` }
  }
  const [middle, tolerance] = halves(text, /±|\+-/)
  if (tolerance === undefined) return rangeBounds(text, inType, type)
  const center = inType(middle)
  const reach = parseInteger(tolerance)
  if ('problem' in center) return center
  if ('problem' in reach) return reach
  const low = center.value - reach.value
  const high = center.value + reach.value
  return { min: clamped(low, type), max: clamped(high, type) }
}

/** `Math.min` takes no bigint. */
function clamped(value: bigint, { min, max }: IntegerType): bigint {
  if (value < min) return min
  return value > max ? max : value
}

function floatBounds(text: string, name: NumberType, type: FloatType): Bounds<number> {
  const [middle, tolerance] = halves(text, /±|\+-/)
  if (tolerance !== undefined) {
    const center = parseFloating(middle)
    const reach = parseFloating(tolerance)
    if ('problem' in center) return center
    return 'problem' in reach ? reach : { min: center.value - reach.value, max: center.value + reach.value }
  }
  const ends = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
  if (text.includes('..')) return rangeBounds(text, parseFloating, ends)
  const exact = parseFloating(text)
  if ('problem' in exact) return exact
  const nearest = type.nearest(exact.value)
  if (!Number.isFinite(nearest) && Number.isFinite(exact.value))
    return { problem: `${text} is beyond ${name}; choose a longer type.` }
  return { min: nearest, max: nearest }
}

/** `MIN..MAX`, or one number for both. */
function rangeBounds<T>(
  text: string,
  parse: (word: string) => Parsed<T>,
  ends: { readonly min: T; readonly max: T },
): Bounds<T> {
  const [low, high] = halves(text, /\.\./)
  if (high === undefined) {
    const exact = parse(low)
    return 'problem' in exact ? exact : { min: exact.value, max: exact.value }
  }
  if (low === '' && high === '') return { problem: 'Write at least one end of the range: 10..20, 10.. or ..20.' }
  const min = low === '' ? { value: ends.min } : parse(low)
  const max = high === '' ? { value: ends.max } : parse(high)
  if ('problem' in min) return min
  return 'problem' in max ? max : { min: min.value, max: max.value }
}

function halves(text: string, separator: RegExp): readonly [string, string | undefined] {
  const match = separator.exec(text)
  if (match === null) return [text, undefined]
  return [text.slice(0, match.index).trim(), text.slice(match.index + match[0].length).trim()]
}

function parseInteger(word: string): Parsed<bigint> {
  const [sign, digits] = signOf(word)
  const parsed = parseCount(digits)
  if ('problem' in parsed) return { problem: `“${word}” is no whole number; write 1234, -5, 0x1F, 10..20 or 100±5.` }
  return { value: sign * parsed.count }
}

function parseFloating(word: string): Parsed<number> {
  const infinite = INFINITY.exec(word)
  if (infinite !== null) return { value: infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY }
  if (NOT_A_NUMBER.test(word))
    return { problem: 'What is not a number equals nothing; search for its bytes in hexadecimal, as 00 00 C0 7F.' }
  if (FLOAT.test(word)) return { value: Number(word.replaceAll('_', '')) }
  const whole = parseInteger(word)
  if ('value' in whole) return { value: Number(whole.value) }
  return { problem: `“${word}” is no number; write 1.5, -2e-3, 0.9..1.1, 100±0.5 or inf.` }
}

function signOf(word: string): readonly [bigint, string] {
  if (word.startsWith('-')) return [-1n, word.slice(1)]
  return [1n, word.startsWith('+') ? word.slice(1) : word]
}
