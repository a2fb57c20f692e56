import { MapscopeError } from '../shared/index.ts'

/**
 * An argument as an integer. An object is asked for its number, which runs the caller's code and may close the map: so
 * arguments are converted before the map is looked at. Strings and booleans are not numbers here, as they are not in CPython.
 *
 * @throws `ERR_ARGUMENT` for everything else.
 */
export function toInteger(value: unknown, name: string): number {
  const number = typeof value === 'object' && value !== null ? primitiveOf(value) : value
  // Adding 0 turns -0 into 0.
  if (typeof number === 'number' && Number.isInteger(number)) return number + 0
  throw new MapscopeError('ERR_ARGUMENT', `${name} must be an integer, not ${describe(value)}.`)
}

/** What the object itself says it is worth. Not `Number(value)`, which makes 1 of `[1]` by way of its text. */
function primitiveOf(value: object): unknown {
  const convert = (value as { [Symbol.toPrimitive]?: unknown })[Symbol.toPrimitive]
  return typeof convert === 'function' ? convert.call(value, 'number') : value.valueOf()
}

export function toOptionalInteger(value: unknown, name: string): number | undefined {
  return value === undefined ? undefined : toInteger(value, name)
}

/** @throws `ERR_ARGUMENT` for anything but a `Uint8Array` (a `Buffer` is one). */
export function toBytes(value: unknown, name: string): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new MapscopeError(
    'ERR_ARGUMENT',
    `${name} must be a Uint8Array, not ${describe(value)}; for text use Buffer.from(text).`,
  )
}

/** @throws `ERR_ARGUMENT` outside 0 to 255. */
export function checkByte(value: number): number {
  if (value >= 0 && value <= 255) return value
  throw new MapscopeError('ERR_ARGUMENT', `A byte is 0 to 255, not ${value}.`)
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object without an integer value' : `a ${typeof value}`
}
