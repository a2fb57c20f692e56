import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turns } from '../src/jobs/turns.ts'

/** Longer than a turn. */
function work(): void {
  const endMs = performance.now() + 6
  while (performance.now() < endMs);
}

test('jobs take turns one after the other, each in a round of the loop of its own', async () => {
  const turns = new Turns()
  const told: string[] = []
  let isOver = false
  const loop = (async () => {
    for (; !isOver; await nextRound()) told.push('|')
  })()
  const job = async (name: string): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      await turns.take()
      told.push(name)
      work()
    }
  }
  await Promise.all(['a', 'b', 'c'].map(job))
  isOver = true
  await loop
  const text = told.join('')
  expect(text.replaceAll('|', '')).toBe('abcabcabcabc')
  // Whatever else there is comes between any two of them.
  expect(text).not.toMatch(/[abc][abc]/)
})

test('a turn is not given up before it ends', async () => {
  const turns = new Turns(60_000)
  await turns.take()
  let rounds = 0
  const counting = nextRound().then(() => rounds++)
  for (let rows = 0; rows < 10; rows++) await turns.take()
  expect(rounds).toBe(0)
  await counting
})
