import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding, type MatchOptions, type NativePattern, type PatternSpec } from '../lib/index.ts'
import { makeFile, mapFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const ALL = { limit: 2 ** 24 }

describe('arguments that are none', () => {
  const values = new Uint8Array(2)
  const wrong: readonly (readonly [unknown, typeof TypeError | typeof RangeError])[] = [
    [undefined, TypeError],
    [{ kind: 'regexp' }, RangeError],
    [{ kind: 'bytes', values: 'ab' }, TypeError],
    [{ kind: 'bytes', values: new Uint8Array(0) }, RangeError],
    [{ kind: 'bytes', values, masks: new Uint8Array(1) }, RangeError],
    [{ kind: 'any', needles: [] }, RangeError],
    [{ kind: 'any', needles: [1] }, TypeError],
    [{ kind: 'any', needles: { length: 1 } }, TypeError],
    [{ kind: 'number', type: 'u8', isLittleEndian: true, min: 1, max: 2 }, TypeError],
    [{ kind: 'number', type: 'f32', isLittleEndian: true, min: 1n, max: 2n }, TypeError],
    [{ kind: 'number', type: 'f32', isLittleEndian: true, min: Number.NaN, max: 2 }, RangeError],
    [{ kind: 'number', type: 'u8', isLittleEndian: true, min: 3n, max: 2n }, RangeError],
    [{ kind: 'number', type: 'u24', isLittleEndian: true, min: 1n, max: 2n }, RangeError],
    [{ kind: 'number', type: 'u8', min: 1n, max: 2n }, TypeError],
  ]
  test('of compilePattern', () => {
    for (const [spec, error] of wrong) expect(() => binding.compilePattern(spec as PatternSpec)).toThrow(error)
  })

  test('a tier that this processor has not', () => {
    expect(() => binding.compilePattern({ kind: 'bytes', values }, 'avx1024')).toThrow(RangeError)
  })

  test('options, and what is no pattern', () => {
    const pattern = binding.compilePattern({ kind: 'bytes', values })
    const leb128 = binding.compilePattern({ kind: 'number', type: 'uleb128', isLittleEndian: true, min: 1n, max: 2n })
    const mapping = mapFile(makeFile(join(folder, 'arguments'), 'x'.repeat(10)))
    const wrongOptions: readonly (readonly [NativePattern, object, typeof TypeError | typeof RangeError])[] = [
      [pattern, {}, TypeError],
      [pattern, { limit: -1 }, RangeError],
      [pattern, { limit: 1, alignment: 0 }, RangeError],
      [pattern, { limit: 1, isReverse: 1 }, TypeError],
      [pattern, { limit: 1, isReverse: true, isOverlapping: false }, RangeError],
      [leb128, { limit: 1, isOverlapping: false }, RangeError],
    ]
    for (const [one, options, error] of wrongOptions) {
      expect(() => one.matchBytes(values, options as MatchOptions)).toThrow(error)
      expect(() => mapping.matchAsync(one, 0, 10, options as MatchOptions)).toThrow(error)
    }
    expect(() => mapping.matchAsync({} as NativePattern, 0, 10, ALL)).toThrow(TypeError)
    expect(() => mapping.matchAsync(mapping as unknown as NativePattern, 0, 10, ALL)).toThrow(TypeError)
    expect(() => mapping.matchAsync(pattern, 0, 11, ALL)).toThrow(RangeError)
    expect(() => mapping.matchAsync(pattern, 5, 4, ALL)).toThrow(RangeError)
    expect(() => pattern.matchBytes.call({}, values, ALL)).toThrow(TypeError)
  })
})
