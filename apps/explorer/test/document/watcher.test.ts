import { describe, expect, it, vi } from 'vitest'
import type { SocketStatus } from '../../src/client/socket.ts'
import { Watcher } from '../../src/document/watcher.ts'

const OPEN = { kind: 'open' } as SocketStatus

function watching() {
  const asked: string[] = []
  const state = { status: OPEN, id: 'one', fails: false }
  const watcher = new Watcher({
    socket: {
      get status() {
        return state.status
      },
      watch: async (documentId, { start, end }) => {
        asked.push(`${documentId} ${start}-${end}`)
        if (state.fails) throw new Error('refused')
      },
    },
    documentId: () => state.id,
    restMs: 5,
  })
  return { asked, state, watcher }
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 30))

describe('watching what is on screen', () => {
  it('asks when the view rests, once for each view', async () => {
    const { asked, watcher } = watching()
    watcher.attach()
    watcher.show({ start: 0, end: 10 })
    watcher.show({ start: 10, end: 20 })
    await vi.waitFor(() => expect(asked.length === 1).toBe(true))
    watcher.show({ start: 10, end: 20 })
    await rest()
    expect(asked).toEqual(['one 10-20'])
    watcher.end()
  })

  it('asks again on another connection, and for another document', async () => {
    const { asked, state, watcher } = watching()
    watcher.show({ start: 0, end: 10 })
    await rest()
    expect(asked).toEqual([])
    watcher.attach()
    state.id = 'two'
    watcher.attach()
    expect(asked).toEqual(['one 0-10', 'two 0-10'])
    watcher.end()
    watcher.show({ start: 5, end: 10 })
    await rest()
    expect(asked).toHaveLength(2)
  })

  it('what was refused is asked again with the next look at it', async () => {
    const { asked, state, watcher } = watching()
    state.fails = true
    watcher.attach()
    watcher.show({ start: 0, end: 10 })
    await vi.waitFor(() => expect(asked.length === 1).toBe(true))
    watcher.show({ start: 0, end: 10 })
    await vi.waitFor(() => expect(asked.length === 2).toBe(true))
    watcher.end()
  })
})
