import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Losses } from '../../src/document/losses.ts'
import { createNoticesStore, dismiss, notify } from '../../src/state/notices.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('Losses', () => {
  it('stay until they are dismissed, as somebody may be away; other notices go', () => {
    const store = createNoticesStore()
    new Losses(store).tell('E1 not written')
    notify(store, { key: 'edit', tone: 'warning', text: 'the end of the file' })
    vi.advanceTimersByTime(60 * 60_000)
    expect(store.getState().notices.map(({ text }) => text)).toEqual(['E1 not written'])
  })

  it('are one notice that names each of them, the last ones when there are many', () => {
    const store = createNoticesStore()
    const losses = new Losses(store)
    for (let at = 1; at <= 7; at++) losses.tell(`number ${at}`)
    const [notice, ...others] = store.getState().notices
    expect(others).toEqual([])
    expect(notice?.text).toBe('7 edits did not reach the file.')
    expect(notice?.details).toEqual(['2 before these.', 'number 3', 'number 4', 'number 5', 'number 6', 'number 7'])
  })

  it('begin anew once they were read', () => {
    const store = createNoticesStore()
    const losses = new Losses(store)
    losses.tell('first')
    for (const notice of store.getState().notices) dismiss(store, notice)
    losses.tell('second')
    expect(store.getState().notices).toMatchObject([{ text: 'second' }])
  })
})
