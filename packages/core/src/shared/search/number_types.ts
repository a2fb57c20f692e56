import { decodeHalf, nearestHalf } from './half_float.ts'
import { readSignedLeb128, readUnsignedLeb128 } from './leb128.ts'
import type { NumberType } from './pattern.ts'
import type { ReadNumber } from './read_number.ts'

interface Common {
  readonly minByteLength: number
  readonly maxByteLength: number
  /** The number at `at`, or `undefined` when none is there (bytes are missing, or are no number). */
  read(view: DataView, at: number, isLittleEndian: boolean): ReadNumber | undefined
}

export interface IntegerType extends Common {
  readonly family: 'integer'
  readonly min: bigint
  readonly max: bigint
}

export interface FloatType extends Common {
  readonly family: 'float'
  /** The number of this type that is nearest. */
  nearest(value: number): number
}

type Reader<T> = (view: DataView, at: number, isLittleEndian: boolean) => T

/** One more type: a row here, and in native's kernel. */
export const NUMBER_TYPES: { readonly [Type in NumberType]: IntegerType | FloatType } = {
  u8: unsigned(1, (view, at) => BigInt(view.getUint8(at))),
  i8: signed(1, (view, at) => BigInt(view.getInt8(at))),
  u16: unsigned(2, (view, at, isLittle) => BigInt(view.getUint16(at, isLittle))),
  i16: signed(2, (view, at, isLittle) => BigInt(view.getInt16(at, isLittle))),
  u32: unsigned(4, (view, at, isLittle) => BigInt(view.getUint32(at, isLittle))),
  i32: signed(4, (view, at, isLittle) => BigInt(view.getInt32(at, isLittle))),
  u64: unsigned(8, (view, at, isLittle) => view.getBigUint64(at, isLittle)),
  i64: signed(8, (view, at, isLittle) => view.getBigInt64(at, isLittle)),
  f16: float(2, (view, at, isLittle) => decodeHalf(view.getUint16(at, isLittle)), nearestHalf),
  f32: float(4, (view, at, isLittle) => view.getFloat32(at, isLittle), Math.fround),
  f64: float(
    8,
    (view, at, isLittle) => view.getFloat64(at, isLittle),
    (value) => value,
  ),
  uleb128: { ...unsigned(8, () => 0n), minByteLength: 1, maxByteLength: 10, read: readUnsignedLeb128 },
  sleb128: { ...signed(8, () => 0n), minByteLength: 1, maxByteLength: 10, read: readSignedLeb128 },
}

function unsigned(byteLength: number, get: Reader<bigint>): IntegerType {
  return { family: 'integer', min: 0n, max: (1n << BigInt(8 * byteLength)) - 1n, ...fixed(byteLength, get) }
}

function signed(byteLength: number, get: Reader<bigint>): IntegerType {
  const half = 1n << BigInt(8 * byteLength - 1)
  return { family: 'integer', min: -half, max: half - 1n, ...fixed(byteLength, get) }
}

function float(byteLength: number, get: Reader<number>, nearest: (value: number) => number): FloatType {
  return { family: 'float', nearest, ...fixed(byteLength, get) }
}

function fixed(byteLength: number, get: Reader<bigint | number>): Common {
  return {
    minByteLength: byteLength,
    maxByteLength: byteLength,
    read: (view, at, isLittleEndian) =>
      at + byteLength <= view.byteLength ? { value: get(view, at, isLittleEndian), byteLength } : undefined,
  }
}
