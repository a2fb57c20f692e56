import { types } from 'node:util'
import { MapscopeError } from '../shared/index.ts'

/** Whatever holds bytes: a `Uint8Array` or `Buffer`, any other typed array or `DataView`, an `ArrayBuffer` or `SharedArrayBuffer`. */
export type BytesLike = ArrayBufferView | ArrayBufferLike

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

/** For what Python takes `None` for, too: null is as good as nothing. */
export function toOptionalInteger(value: unknown, name: string): number | undefined {
  return value === undefined || value === null ? undefined : toInteger(value, name)
}

/** What does not fit the model's `Py_ssize_t` is refused while arguments are converted, before anything else is looked at. */
const SSIZE_LIMIT = 2 ** 63

/** @throws `ERR_ARGUMENT` for no integer, `ERR_RANGE` for one of more than 64 bits. */
export function toSize(value: unknown, name: string): number {
  const number = toInteger(value, name)
  if (number < SSIZE_LIMIT && number >= -SSIZE_LIMIT) return number
  throw new MapscopeError('ERR_RANGE', `${name} is ${number}, which is more than any file or map has.`)
}

export function toOptionalSize(value: unknown, name: string): number | undefined {
  return value === undefined || value === null ? undefined : toSize(value, name)
}

/** What C calls an int: descriptors, flags, advice. @throws `ERR_ARGUMENT` for no integer, `ERR_RANGE` for one of more than 32 bits. */
export function toInt(value: unknown, name: string): number {
  const number = toInteger(value, name)
  if (number === (number | 0)) return number
  throw new MapscopeError('ERR_RANGE', `${name} is ${number}; the system’s own numbers have 32 bits.`)
}

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype)

/**
 * The bytes of an argument. What the array says of itself cannot be trusted: a subclass may lie about its length, or close the map
 * when asked. So all but plain arrays are looked at through the engine's own getters.
 *
 * @throws `ERR_ARGUMENT` for what holds no bytes.
 */
export function toBytes(value: unknown, name: string): Uint8Array {
  if (isPlainBytes(value)) return value
  if (ArrayBuffer.isView(value)) return bytesOfView(value)
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value)
  throw new MapscopeError(
    'ERR_ARGUMENT',
    `${name} must be a Uint8Array, not ${describe(value)}; for text use Buffer.from(text).`,
  )
}

function isPlainBytes(value: unknown): value is Uint8Array {
  if (!ArrayBuffer.isView(value) || Object.hasOwn(value, 'length')) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Uint8Array.prototype || prototype === Buffer.prototype
}

function bytesOfView(view: ArrayBufferView): Uint8Array {
  const prototype = types.isTypedArray(view) ? typedArrayPrototype : DataView.prototype
  const [buffer, byteOffset, byteLength] = ['buffer', 'byteOffset', 'byteLength'].map((property) =>
    Object.getOwnPropertyDescriptor(prototype, property)?.get?.call(view),
  ) as [ArrayBufferLike, number, number]
  return new Uint8Array(buffer, byteOffset, byteLength)
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
