// The first of many, against sorting all of them.
import { expect, test } from 'vitest'
import { FirstInOrder } from '../src/roots/first_in_order.ts'
import { seeded } from './support/temporary.ts'

test('the first of any number, in order, equal ones as they came; says when some are left out', () => {
  const seed = Date.now() % 1_000_000
  const next = seeded(seed)
  for (let round = 0; round < 300; round++) {
    const most = 1 + next(20)
    const items = Array.from({ length: next(120) }, (_, index) => ({ key: next(30), index }))
    const first = new FirstInOrder<{ key: number; index: number }>(most, (a, b) => a.key - b.key)
    for (const item of items) first.add(item)
    const expected = [...items].sort((a, b) => a.key - b.key).slice(0, most)
    const context = `seed ${seed}, round ${round}`
    expect(first.take(), context).toEqual(expected)
    expect(first.isComplete, context).toBe(items.length <= most)
  }
})
