import { describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../src/client/socket.ts'
import { makeContext } from '../support/context.ts'
import { openTab, settle } from '../support/harness.ts'

const found = (offset: number, isWrapped = false): SearchAnswer => ({
  type: 'found',
  id: 1,
  offset,
  byteLength: 2,
  isWrapped,
  unreadable: [],
})

describe('finder', () => {
  it('selects the hit, with the caret at its start, and goes on behind it', async () => {
    const context = makeContext(new Uint8Array(4096))
    const { finder, searches, search, selection, tab } = context
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    finder.find('forward')
    expect(searches[0]).toMatchObject({ from: 0, direction: 'forward', query: { kind: 'hex', text: '4D 5A' } })
    searches[0]?.onProgress(1024, 4096)
    expect(search.getState().outcome).toMatchObject({ kind: 'running', scanned: 1024, total: 4096 })
    searches[0]?.finish(found(2000))
    await settle()
    expect(selection.getState()).toMatchObject({ anchor: 2001, focus: 2000, pane: 'hex' })
    expect(tab.session.marksIn(0, 4096)).toEqual([{ kind: 'hit', start: 2000, end: 2002 }])
    expect(context.view.getState().topRow).toBe(125 - 1)
    finder.find('forward')
    expect(searches[1]?.from).toBe(2001)
    searches[1]?.finish(found(2000, true))
    await settle()
    expect(search.getState().outcome).toMatchObject({ kind: 'found', isWrapped: true })
    finder.find('backward')
    expect(searches[2]).toMatchObject({ from: 2000, direction: 'backward' })
  })

  it('begins at the caret when the hit was left', async () => {
    const { finder, searches, caret } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'text', text: 'x' })
    finder.find('forward')
    searches[0]?.finish(found(10))
    await settle()
    caret.moveTo(500)
    finder.find('forward')
    expect(searches[1]?.from).toBe(500)
  })

  it('is cancelled at once, and an answer that still comes is nothing', async () => {
    const { finder, searches, search, selection } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '00' })
    finder.find('forward')
    finder.cancel()
    expect(search.getState().outcome).toEqual({ kind: 'cancelled' })
    expect(searches[0]?.signal.aborted).toBe(true)
    searches[0]?.onProgress(1, 2)
    searches[0]?.finish(found(8))
    await settle()
    expect(selection.getState().focus).toBe(0)
  })

  it('goes on behind the hit after Esc, and from the caret once the query is another', async () => {
    const { finder, searches } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    finder.find('forward')
    searches[0]?.finish(found(2000))
    await settle()
    finder.close()
    finder.find('forward')
    expect(searches[1]?.from).toBe(2001)
    finder.setQuery({ kind: 'hex', text: '4D' })
    finder.find('forward')
    expect(searches[2]?.from).toBe(2000)
  })

  it('asked twice quickly, finds two hits', async () => {
    const { finder, searches, caret } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    for (let press = 0; press < 3; press++) finder.find('forward')
    expect(searches).toHaveLength(1)
    searches[0]?.finish(found(2000))
    await settle()
    expect(searches[1]?.from).toBe(2001)
    searches[1]?.finish(found(3000))
    await settle()
    expect(searches).toHaveLength(2)
    expect(caret.offset).toBe(3000)
  })

  it('gives a running search up for one from where the caret has gone', () => {
    const { finder, searches, caret } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    finder.find('forward')
    caret.moveTo(700)
    finder.find('forward')
    expect(searches[0]?.signal.aborted).toBe(true)
    expect(searches[1]?.from).toBe(700)
  })

  it('drops a running search with its document: the answer touches nothing in the next one', async () => {
    const { finder, searches, search, selection, document, caret } = makeContext(new Uint8Array(4096))
    const other = openTab(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    finder.find('forward')
    document.setState({ open: { session: other.session, editor: other.editor, info: other.session.info } })
    expect(searches[0]?.signal.aborted).toBe(true)
    expect(search.getState().outcome).toEqual({ kind: 'idle' })
    searches[0]?.onProgress(5, 10)
    searches[0]?.finish(found(2000))
    await settle()
    expect(search.getState().outcome).toEqual({ kind: 'idle' })
    expect(selection.getState().focus).toBe(0)
    expect(other.session.marksIn(0, 4096)).toEqual([])
    caret.moveTo(0)
    finder.find('forward')
    searches[1]?.finish(found(0))
    await settle()
    document.setState({ open: undefined })
    expect(search.getState().outcome).toEqual({ kind: 'idle' })
  })

  it('does not take the place of a hit in one document for a hit in another', async () => {
    const { finder, searches, document, caret } = makeContext(new Uint8Array(4096))
    finder.setQuery({ kind: 'hex', text: '4D 5A' })
    finder.find('forward')
    searches[0]?.finish(found(0))
    await settle()
    const other = openTab(new Uint8Array(4096))
    document.setState({ open: { session: other.session, editor: other.editor, info: other.session.info } })
    caret.moveTo(0)
    finder.find('forward')
    expect(searches[1]?.from).toBe(0)
  })

  it('asks nothing while the text is no query, and says why', () => {
    const { finder, searches, search } = makeContext(new Uint8Array(16))
    finder.setQuery({ kind: 'hex', text: '4D 5' })
    expect(search.getState().outcome.kind).toBe('problem')
    finder.find('forward')
    expect(searches).toHaveLength(0)
    finder.setQuery({ kind: 'text', text: '4D 5' })
    expect(search.getState().outcome.kind).toBe('idle')
  })

  it('asks for every kind as it was typed and chosen; choices stay while another kind is looked for', async () => {
    const { finder, searches, search, selection } = makeContext(new Uint8Array(4096))
    const asked = () => {
      finder.find('forward')
      const last = searches.at(-1)
      last?.finish({ type: 'absent', id: 1, unreadable: [] })
      return last?.query
    }
    finder.setQuery({ kind: 'text', text: 'ab', encoding: 'utf-16be', isCaseInsensitive: true })
    expect(asked()).toEqual({ kind: 'text', text: 'ab', encoding: 'utf-16be', isCaseInsensitive: true })
    await settle()
    finder.setQuery({ kind: 'number', text: '10..20', numberType: 'i16', isLittleEndian: false })
    expect(asked()).toEqual({ kind: 'number', text: '10..20', type: 'i16', isLittleEndian: false })
    await settle()
    finder.setQuery({ kind: 'regexp', text: 'a+b' })
    expect(asked()).toEqual({ kind: 'regexp', text: 'a+b', isCaseInsensitive: true })
    await settle()
    finder.setQuery({ kind: 'hex', text: '4D ?? [2-8] 5A' })
    expect(asked()).toEqual({ kind: 'hex', text: '4D ?? [2-8] 5A' })
    await settle()
    finder.setQuery({ kind: 'text' })
    expect(search.getState().query).toMatchObject({ encoding: 'utf-16be', numberType: 'i16', isLittleEndian: false })
    finder.setQuery({ kind: 'regexp', text: 'x' })
    finder.find('forward')
    searches.at(-1)?.finish(found(7))
    await settle()
    expect(selection.getState()).toMatchObject({ focus: 7, pane: 'text' })
  })

  it('tells what is wrong with any kind', () => {
    const { finder, searches, search } = makeContext(new Uint8Array(16))
    for (const [kind, text, words] of [
      ['number', '70000', /u16/],
      ['regexp', '(', /Unterminated/i],
      ['hex', '?? ??', /everywhere/],
      ['text', '\u20ac', /Latin-1/],
    ] as const) {
      finder.setQuery({ kind, text, numberType: 'u16', encoding: 'latin1' })
      expect(search.getState().outcome).toMatchObject({ kind: 'problem', problem: expect.stringMatching(words) })
      finder.find('forward')
    }
    expect(searches).toHaveLength(0)
  })

  it('says when there is nothing, and what could not be read', async () => {
    const { finder, searches, search } = makeContext(new Uint8Array(16))
    finder.setQuery({ kind: 'hex', text: 'FF' })
    finder.find('forward')
    searches[0]?.finish({ type: 'absent', id: 1, unreadable: [{ start: 4, end: 8 }] })
    await settle()
    expect(search.getState().outcome).toEqual({ kind: 'absent', unreadable: [{ start: 4, end: 8 }] })
  })
})

describe('finder without its bar', () => {
  it('says in a notice what the bar would have said', async () => {
    const { finder, searches, notices, panels } = makeContext(new Uint8Array(16))
    finder.setQuery({ kind: 'hex', text: 'FF' })
    finder.find('forward')
    searches[0]?.finish({ type: 'absent', id: 1, unreadable: [] })
    await settle()
    expect(notices.getState().notices.map(({ text }) => text)).toEqual(['Not found.'])
    notices.setState({ notices: [] })
    panels.setState({ bar: 'find' })
    finder.find('forward')
    searches[1]?.finish({ type: 'absent', id: 2, unreadable: [] })
    await settle()
    expect(notices.getState().notices).toEqual([])
  })
})

describe('go to', () => {
  it('previews while typing, restores on Esc, jumps on Enter', () => {
    const { goTo, view, selection } = makeContext(new Uint8Array(4096))
    view.setState({ topRow: 3 })
    goTo.begin()
    expect(goTo.preview('0x800')).toEqual({ offset: 0x800 })
    expect(view.getState().topRow).toBe(128 - 1)
    expect(selection.getState().focus).toBe(0)
    expect(goTo.preview('0x80G')).toHaveProperty('problem')
    expect(view.getState().topRow).toBe(3)
    goTo.preview('end')
    goTo.cancel()
    expect(view.getState().topRow).toBe(3)
    goTo.begin()
    expect(goTo.commit('nowhere', false)).toBe(false)
    expect(goTo.commit('+16', false)).toBe(true)
    expect(selection.getState()).toMatchObject({ anchor: 16, focus: 16 })
    expect(goTo.commit('+1', true)).toBe(true)
    expect(selection.getState()).toMatchObject({ anchor: 16, focus: 17 })
    goTo.cancel()
    expect(selection.getState().focus).toBe(17)
  })
})
