import type { CompiledQuery, MaskedBytes, NumberPattern, NumberType } from '../../src/shared/index.ts'
import type { Random } from './random.ts'

export type PatternQuery = Exclude<CompiledQuery, { kind: 'regexp' }>

const TYPES: readonly NumberType[] = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'u64',
  'i64',
  'f32',
  'f64',
  'uleb128',
  'sleb128',
]

/** A query that a small alphabet often matches. */
export function randomQuery(random: Random, alphabet: number): PatternQuery {
  const kind = random.pick(['bytes', 'bytes', 'spellings', 'needles', 'number'] as const)
  switch (kind) {
    case 'bytes':
      return { kind, pattern: { kind: 'bytes', ...randomNeedle(random, alphabet) } }
    case 'spellings':
      return { kind, pattern: { kind: 'any', needles: distinctNeedles(random, alphabet) } }
    case 'needles': {
      const needles = Array.from({ length: random.between(1, 5) }, () => randomNeedle(random, alphabet))
      return { kind, pattern: { kind: 'any', needles } }
    }
    case 'number':
      return { kind, pattern: randomNumber(random) }
  }
}

function randomNeedle(random: Random, alphabet: number): MaskedBytes {
  const values = random.bytes(random.between(1, 8), alphabet)
  if (random.chance(0.6)) return { values }
  const masks = Uint8Array.from(values, () => random.pick([0xff, 0xff, 0x01, 0xfe, 0x00]))
  return { values, masks }
}

/** None begins with another, so that at most one matches at a place, as is so with the spellings of a text. */
function distinctNeedles(random: Random, alphabet: number): MaskedBytes[] {
  const needles: Uint8Array[] = []
  for (let round = 0; round < 4; round++) {
    const values = random.bytes(random.between(1, 5), alphabet)
    const isDistinct = needles.every((other) => {
      const length = Math.min(other.length, values.length)
      return other.subarray(0, length).some((byte, at) => byte !== values[at])
    })
    if (isDistinct) needles.push(values)
  }
  return needles.map((values) => ({ values }))
}

function randomNumber(random: Random): NumberPattern {
  const type = random.pick(TYPES)
  const isFloat = type.startsWith('f')
  const low = type.startsWith('u') ? random.between(0, 2) : random.between(-2, 2)
  const high = low + random.pick([0, 1, 300, 70_000])
  const bounds = isFloat ? { min: low, max: high } : { min: BigInt(low), max: BigInt(high) }
  return { kind: 'number', type, isLittleEndian: random.chance(0.5), ...bounds }
}
