import { expect, expectTypeOf, test } from 'vitest'
import {
  Base64,
  EditRequest,
  MAX_EDIT_BYTE_LENGTH,
  Offset,
  PROBLEM_CODES,
  Problem,
  type ProblemCode,
} from '../src/index.ts'
import { Type, Value } from '../src/typebox.ts'

test('offsets are exact integers', () => {
  expect(Value.Check(Offset, Number.MAX_SAFE_INTEGER)).toBe(true)
  for (const bad of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null]) {
    expect(Value.Check(Offset, bad), String(bad)).toBe(false)
  }
})

test('every code, and no other, is one of a problem', () => {
  expectTypeOf<Problem['code']>().toEqualTypeOf<ProblemCode>()
  const problem = (code: string): unknown => ({ type: 't', title: 't', status: 400, detail: 'd', code })
  for (const code of PROBLEM_CODES) expect(Value.Check(Problem, problem(code)), code).toBe(true)
  expect(Value.Check(Problem, problem('ERR_OTHER'))).toBe(false)
})

test('the largest edit passes the base64 pattern, and so does one byte', () => {
  const largest = Buffer.alloc(MAX_EDIT_BYTE_LENGTH, 0xa5).toString('base64')
  expect(Value.Check(EditRequest, { offset: 0, bytes: largest, expected: largest })).toBe(true)
  expect(Value.Check(Base64, 'AA==')).toBe(true)
  for (const bad of ['A', 'AA', 'AA=', 'A===', 'AA==AA==', 'AA-_', 'AA==\n', `${largest}*`]) {
    expect(Value.Check(Base64, bad), bad.slice(-8)).toBe(false)
  }
})

test('schemas are plain JSON Schema', () => {
  const copy: unknown = JSON.parse(JSON.stringify(EditRequest))
  expect(copy).toMatchObject({ type: 'object', required: ['offset', 'bytes'], additionalProperties: false })
  expect(Value.Check(Type.Unsafe(copy as object), { offset: 1, bytes: 'AA==' })).toBe(true)
})
