// Unreadable bytes as pages tell them: all of them, and none twice, also where a gap grows from page to page.
import { expect, test } from 'vitest'
import { ToldGaps } from '../../src/scan/told_gaps.ts'

test('a gap that grows is told from where the page before ended', () => {
  const base = 5 * 1024 ** 3
  const gaps = new ToldGaps({ start: base, end: base + 1000 })
  gaps.add([{ start: base + 10, end: base + 20 }])
  expect(gaps.take()).toEqual([{ start: base + 10, end: base + 20 }])
  expect(gaps.take()).toEqual([])
  gaps.add([{ start: base + 20, end: base + 50 }])
  gaps.add([{ start: base - 5, end: base + 12 }])
  expect(gaps.take()).toEqual([
    { start: base, end: base + 10 },
    { start: base + 20, end: base + 50 },
  ])
  gaps.add([{ start: base + 990, end: base + 2000 }])
  expect(gaps.take()).toEqual([{ start: base + 990, end: base + 1000 }])
})
