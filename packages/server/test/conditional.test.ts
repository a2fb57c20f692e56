import { describe, expect, test } from 'vitest'
import { type ConditionalHeaders, evaluateConditions, isRangeUsable } from '../src/http/conditional.ts'
import { parseHttpDate } from '../src/http/date.ts'
import { planAnswer } from '../src/http/plan.ts'

const ETAG = '"abc"'
/** Half a second into its second: HTTP dates have none of that. */
const MODIFIED_MS = Date.UTC(2026, 10, 22, 12, 0, 0, 500)
const SAME = 'Sun, 22 Nov 2026 12:00:00 GMT'
const BEFORE = 'Sun, 22 Nov 2026 11:59:59 GMT'
const AFTER = 'Sun, 22 Nov 2026 12:00:01 GMT'
const VALIDATORS = { etag: ETAG, modifiedMs: MODIFIED_MS }
const NOW_MS = MODIFIED_MS + 60_000

const CASES: readonly (readonly [ConditionalHeaders, 'proceed' | 'not-modified' | 'precondition-failed'])[] = [
  [{}, 'proceed'],
  // If-Match: strong
  [{ 'if-match': ETAG }, 'proceed'],
  [{ 'if-match': '*' }, 'proceed'],
  [{ 'if-match': '"x", "abc"' }, 'proceed'],
  [{ 'if-match': '"x","abc","y"' }, 'proceed'],
  [{ 'if-match': '"x"' }, 'precondition-failed'],
  [{ 'if-match': 'W/"abc"' }, 'precondition-failed'],
  [{ 'if-match': 'abc' }, 'precondition-failed'],
  [{ 'if-match': '"ab' }, 'precondition-failed'],
  [{ 'if-match': '"x,"abc' }, 'precondition-failed'],
  [{ 'if-match': '"xabc"' }, 'precondition-failed'],
  // If-Unmodified-Since, only without If-Match
  [{ 'if-unmodified-since': SAME }, 'proceed'],
  [{ 'if-unmodified-since': AFTER }, 'proceed'],
  [{ 'if-unmodified-since': BEFORE }, 'precondition-failed'],
  [{ 'if-unmodified-since': 'garbage' }, 'proceed'],
  [{ 'if-match': ETAG, 'if-unmodified-since': BEFORE }, 'proceed'],
  // If-None-Match: weak
  [{ 'if-none-match': ETAG }, 'not-modified'],
  [{ 'if-none-match': 'W/"abc"' }, 'not-modified'],
  [{ 'if-none-match': '*' }, 'not-modified'],
  [{ 'if-none-match': '"x", W/"abc"' }, 'not-modified'],
  [{ 'if-none-match': '"x"' }, 'proceed'],
  [{ 'if-none-match': 'abc' }, 'proceed'],
  [{ 'if-none-match': '"a,b", "abc"' }, 'not-modified'],
  // If-Modified-Since, only without If-None-Match
  [{ 'if-modified-since': SAME }, 'not-modified'],
  [{ 'if-modified-since': AFTER }, 'not-modified'],
  [{ 'if-modified-since': BEFORE }, 'proceed'],
  [{ 'if-modified-since': 'garbage' }, 'proceed'],
  [{ 'if-none-match': '"x"', 'if-modified-since': SAME }, 'proceed'],
  // the first pair is asked before the second
  [{ 'if-match': '"x"', 'if-none-match': ETAG }, 'precondition-failed'],
  [{ 'if-match': ETAG, 'if-none-match': ETAG }, 'not-modified'],
  [{ 'if-unmodified-since': BEFORE, 'if-none-match': ETAG }, 'precondition-failed'],
]

test.each(CASES)('%j: %s', (headers, outcome) => {
  expect(evaluateConditions(headers, VALIDATORS)).toBe(outcome)
})

test('without a date of our own, dates are ignored', () => {
  expect(evaluateConditions({ 'if-modified-since': AFTER }, { etag: ETAG })).toBe('proceed')
  expect(evaluateConditions({ 'if-unmodified-since': BEFORE }, { etag: ETAG })).toBe('proceed')
  expect(isRangeUsable({ 'if-range': SAME }, { etag: ETAG }, NOW_MS)).toBe(false)
})

describe('If-Range', () => {
  test.each([
    [undefined, true],
    [ETAG, true],
    ['"x"', false],
    ['W/"abc"', false],
    ['"abc", "x"', false],
    ['abc', false],
    [SAME, true],
    [BEFORE, false],
    [AFTER, false],
    ['garbage', false],
  ])('%j: range honoured %s', (header, isUsable) => {
    expect(isRangeUsable({ 'if-range': header }, VALIDATORS, NOW_MS)).toBe(isUsable)
  })

  test('a date within its own second is not strong yet', () => {
    expect(isRangeUsable({ 'if-range': SAME }, VALIDATORS, MODIFIED_MS + 400)).toBe(false)
    expect(isRangeUsable({ 'if-range': SAME }, VALIDATORS, MODIFIED_MS + 500)).toBe(true)
  })
})

describe('dates', () => {
  test.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sun Nov  6 08:49:37 1994', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-77 08:49:37 GMT', Date.UTC(1977, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-70 08:49:37 GMT', Date.UTC(2070, 10, 6, 8, 49, 37)],
    ['Wed, 31 Feb 2026 00:00:00 GMT', undefined],
    ['Sun, 06 Nov 1994 24:00:00 GMT', undefined],
    ['Sun, 06 Nov 1994 08:60:00 GMT', undefined],
    ['1994-11-06T08:49:37Z', undefined],
    ['Sun, 06 Nov 1994 08:49:37 CET', undefined],
    ['Sun, 6 Nov 1994 08:49:37 GMT', undefined],
    ['0', undefined],
    ['', undefined],
  ])('%j', (text, ms) => {
    expect(parseHttpDate(text, Date.UTC(2026, 0, 1))).toBe(ms)
  })
})

test('HEAD ignores Range but not the conditions', () => {
  const representation = { ...VALIDATORS, byteLength: 100 }
  expect(planAnswer({ method: 'HEAD', headers: { range: 'bytes=0-1' } }, representation, NOW_MS)).toEqual({
    kind: 'head',
  })
  expect(planAnswer({ method: 'HEAD', headers: { range: 'bytes=500-' } }, representation, NOW_MS)).toEqual({
    kind: 'head',
  })
  expect(planAnswer({ method: 'HEAD', headers: { 'if-none-match': ETAG } }, representation, NOW_MS)).toEqual({
    kind: 'not-modified',
  })
})

test('a condition is asked before the range, and an unusable If-Range gives the whole', () => {
  const representation = { ...VALIDATORS, byteLength: 100 }
  const plan = (headers: Record<string, string>): unknown =>
    planAnswer({ method: 'GET', headers }, representation, NOW_MS)
  expect(plan({ range: 'bytes=500-', 'if-match': '"x"' })).toEqual({ kind: 'precondition-failed' })
  expect(plan({ range: 'bytes=500-', 'if-range': '"x"' })).toEqual({ kind: 'whole', range: { start: 0, end: 100 } })
  expect(plan({ range: 'bytes=5-6', 'if-range': ETAG })).toEqual({ kind: 'part', range: { start: 5, end: 7 } })
})
