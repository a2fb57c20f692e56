import { describe, expect, test } from 'vitest'
import { Lanes, laneCount } from '../../src/source/lanes.ts'
import { Random, SEED } from '../support/random.ts'

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

describe('lanes', () => {
  test('no more than the limit run at once, in the order they came', async () => {
    const lanes = new Lanes(2)
    const gates = Array.from({ length: 6 }, gate)
    const started: number[] = []
    const results = gates.map(({ opened }, index) =>
      lanes.run(undefined, async () => {
        started.push(index)
        await opened
        return index
      }),
    )
    expect(started).toEqual([0, 1])
    gates[1]?.open()
    expect(await results[1]).toBe(1)
    expect(started).toEqual([0, 1, 2])
    for (const { open } of gates) open()
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4, 5])
    expect(started).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('who aborts while waiting never starts, and keeps nobody waiting', async () => {
    const lanes = new Lanes(1)
    const { opened, open } = gate()
    const first = lanes.run(undefined, () => opened)
    const controller = new AbortController()
    let isStarted = false
    const second = lanes.run(controller.signal, async () => {
      isStarted = true
    })
    const third = lanes.run(undefined, async () => 'third')
    controller.abort('enough')
    await expect(second).rejects.toBe('enough')
    open()
    await first
    expect(await third).toBe('third')
    expect(isStarted).toBe(false)
    await expect(lanes.run(controller.signal, async () => 1)).rejects.toBe('enough')
  })

  test('work that fails frees its lane', async () => {
    const lanes = new Lanes(1)
    const failing = lanes.run(undefined, () => Promise.reject(new Error('no')))
    const next = lanes.run(undefined, async () => 'next')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('next')
  })

  test(`random work and aborts, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    const lanes = new Lanes(3)
    let running = 0
    let most = 0
    const outcomes = Array.from({ length: 300 }, async () => {
      const controller = new AbortController()
      const turns = random.between(0, 5)
      const result = lanes.run(controller.signal, async () => {
        most = Math.max(most, ++running)
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        running--
      })
      if (random.chance(0.3)) controller.abort('aborted')
      await result.catch((reason) => expect(reason).toBe('aborted'))
    })
    await Promise.all(outcomes)
    expect({ running, most }).toEqual({ running: 0, most: 3 })
  })

  test('never the whole pool, never none', () => {
    expect([laneCount(2, 4), laneCount(64, 4), laneCount(1, 4), laneCount(8, 1)]).toEqual([2, 3, 1, 1])
  })
})
