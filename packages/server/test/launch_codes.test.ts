import { expect, test } from 'vitest'
import { LaunchCodes } from '../src/guard/launch_codes.ts'
import { LINK_PRINCIPAL, type Principal } from '../src/guard/principal.ts'

const VERA: Principal = { name: 'vera', role: 'view' }

test('who asks for many codes loses only their own oldest', () => {
  const codes = new LaunchCodes()
  const others = codes.create(LINK_PRINCIPAL)
  const own = Array.from({ length: 1_000 }, () => codes.create(VERA))
  expect(codes.redeem(others)).toBe(LINK_PRINCIPAL)
  expect(codes.redeem(own.at(0) ?? '')).toBeUndefined()
  expect(codes.redeem(own.at(-1) ?? '')).toBe(VERA)
  expect(own.filter((code) => codes.redeem(code) !== undefined)).toHaveLength(63)
})
