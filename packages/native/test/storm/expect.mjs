import { deepStrictEqual } from 'node:assert'

export const equal = deepStrictEqual

/** The error that `call` throws; throws itself when there is none. */
export function errorOf(call) {
  let value
  try {
    value = call()
  } catch (error) {
    return error
  }
  throw new Error(`no error, but ${String(value)}`)
}

/** Runs `call` and checks that it throws the fault that touching `[start, end)` is now; says whether there was one to expect. */
export function faultsAsExpected(mapped, { start, end }, call) {
  if (end <= mapped.end || start === end) return false
  const { code, offset, isInView } = errorOf(call)
  equal({ code, offset, isInView }, { code: 'FAULT', offset: Math.max(start, mapped.end), isInView: undefined })
  return true
}

/** Of a promise: undefined, or what it rejected with, which has to be one of these codes. */
export async function rejection(promise, codes) {
  try {
    await promise
    return undefined
  } catch (error) {
    if (codes.includes(error.code) || codes.includes(error.errnoName)) return error
    throw error
  }
}
