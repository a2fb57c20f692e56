import { describe, expect, it } from 'vitest'
import { drain, openTab, settle, type Tab } from '../support/harness.ts'
import { type Random, seeded, seeds } from '../support/random.ts'

const LENGTH = 64

async function readyTab(bytes: Uint8Array): Promise<Tab> {
  const tab = openTab(bytes)
  tab.session.setVisible(0, bytes.length, 'none')
  await drain(tab)
  return tab
}

function putCaret(tab: Tab, offset: number, pane: 'hex' | 'text' = 'hex'): void {
  tab.selection.setState({ anchor: offset, focus: offset, pane, nibble: 'high' })
}

async function undoEverything(random: Random): Promise<void> {
  const original = random.bytes(LENGTH)
  const tab = await readyTab(original)
  for (let step = 0; step < 60; step++) {
    const kind = random.below(6)
    if (kind === 0) putCaret(tab, random.below(LENGTH), random.pick(['hex', 'text']))
    else if (kind === 1) tab.editor.undo()
    else if (kind === 2) tab.editor.redo()
    else if (kind === 3) await drain(tab)
    else
      tab.editor.type(
        tab.selection.getState().pane === 'hex' ? random.below(16).toString(16) : random.pick(['a', 'é', '€']),
      )
    await settle()
  }
  const typed = await (async () => {
    await drain(tab)
    return [...tab.server.bytes]
  })()
  let undone = 0
  while (tab.editor.canUndo) {
    tab.editor.undo()
    undone++
  }
  await drain(tab)
  expect([...tab.server.bytes]).toEqual([...original])
  expect(tab.session.marksIn(0, LENGTH)).toEqual([])
  for (; undone > 0; undone--) tab.editor.redo()
  await drain(tab)
  expect([...tab.server.bytes]).toEqual(typed)
  tab.session.dispose()
}

describe('editor', () => {
  for (const seed of seeds(15)) {
    it(`undoes any typing back to the original, and redoes it (seed ${seed})`, () => undoEverything(seeded(seed)))
  }

  it('types hex digits one by one, the caret behind them', async () => {
    const tab = await readyTab(new Uint8Array(4))
    putCaret(tab, 1)
    tab.editor.type('4')
    expect(tab.session.cellAt(1).value).toBe(0x40)
    expect(tab.selection.getState()).toMatchObject({ focus: 1, nibble: 'low' })
    tab.editor.type('d')
    expect(tab.session.cellAt(1).value).toBe(0x4d)
    expect(tab.selection.getState()).toMatchObject({ focus: 2, anchor: 2, nibble: 'high' })
    tab.editor.type('x')
    expect(tab.selection.getState().focus).toBe(2)
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0, 0x4d, 0, 0])
    tab.editor.undo()
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0, 0, 0, 0])
    expect(tab.problems).toEqual([])
  })

  it('stores text as UTF-8 and never goes past the end', async () => {
    const tab = await readyTab(new Uint8Array(4))
    putCaret(tab, 1, 'text')
    tab.editor.type('é')
    tab.editor.type('€')
    expect(tab.problems).toHaveLength(1)
    tab.editor.type('!')
    tab.editor.type('?')
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0, 0xc3, 0xa9, 0x21])
    expect(tab.selection.getState().focus).toBe(4)
    expect(tab.problems).toHaveLength(2)
  })

  it('begins at the first byte of a selection', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.selection.setState({ anchor: 6, focus: 2 })
    tab.editor.type('f')
    expect(tab.session.cellAt(2).value).toBe(0xf0)
    expect(tab.selection.getState()).toMatchObject({ anchor: 2, focus: 2, nibble: 'low' })
  })

  it('does not overwrite what nobody saw', async () => {
    const tab = openTab(new Uint8Array(8))
    tab.editor.type('f')
    expect(tab.problems).toHaveLength(1)
    expect(tab.server.calls).toHaveLength(0)
  })

  it('takes a refused byte back, with what was typed upon it, and says what is there now', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.server.store(2, Uint8Array.of(0x7f))
    putCaret(tab, 2)
    tab.editor.type('4')
    await settle()
    tab.editor.type('d')
    tab.editor.type('1')
    await drain(tab)
    expect(tab.problems).toHaveLength(1)
    expect(tab.problems[0]).toContain('0x00000002')
    expect(tab.problems[0]).toContain('7F')
    expect([...tab.server.bytes]).toEqual([0, 0, 0x7f, 0x10, 0, 0, 0, 0])
    expect(tab.session.cellAt(2).value).toBe(0x7f)
    tab.editor.undo()
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0, 0, 0x7f, 0, 0, 0, 0, 0])
    expect(tab.editor.canUndo).toBe(false)
  })

  it('keeps an undo step that is refused, for when it is possible again', async () => {
    const tab = await readyTab(new Uint8Array(8))
    putCaret(tab, 2)
    tab.editor.type('44')
    await drain(tab)
    tab.server.store(2, Uint8Array.of(0x99))
    await drain(tab)
    tab.editor.undo()
    await drain(tab)
    expect(tab.problems[0]).toContain('99')
    expect(tab.server.bytes[2]).toBe(0x99)
    expect(tab.editor.canUndo).toBe(true)
    tab.server.store(2, Uint8Array.of(0x44))
    await drain(tab)
    tab.editor.undo()
    await drain(tab)
    expect(tab.server.bytes[2]).toBe(0)
  })

  it('skips an undo step that is refused twice, so that the ones before it are within reach', async () => {
    const tab = await readyTab(new Uint8Array(8))
    putCaret(tab, 1)
    tab.editor.type('11')
    await drain(tab)
    putCaret(tab, 4)
    tab.editor.type('44')
    await drain(tab)
    tab.server.store(4, Uint8Array.of(0x99))
    await drain(tab)
    for (let step = 0; step < 2; step++) {
      tab.editor.undo()
      await drain(tab)
    }
    expect(tab.problems[0]).toContain('The undo step is kept.')
    expect(tab.problems[1]).toContain('skipped')
    expect(tab.session.marksIn(4, 5).filter(({ kind }) => kind === 'edited')).toEqual([])
    tab.editor.undo()
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0, 0, 0, 0, 0x99, 0, 0, 0])
    expect(tab.problems).toHaveLength(2)
    expect(tab.editor.canUndo).toBe(false)
  })

  it('undoes only its own digit of a byte somebody else wrote between the two', async () => {
    const tab = await readyTab(new Uint8Array(8))
    putCaret(tab, 2)
    tab.editor.type('4')
    await drain(tab)
    tab.server.store(2, Uint8Array.of(0x99))
    await drain(tab)
    tab.editor.type('d')
    await drain(tab)
    expect(tab.server.bytes[2]).toBe(0x9d)
    tab.editor.undo()
    await drain(tab)
    expect(tab.server.bytes[2]).toBe(0x99)
  })

  it('leaves the selection alone when a key is no hex digit', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.selection.setState({ anchor: 2, focus: 6, nibble: 'high' })
    tab.editor.type(' ')
    tab.editor.type('x')
    expect(tab.selection.getState()).toMatchObject({ anchor: 2, focus: 6 })
  })

  it('undoes nothing in the file that took the place of the edited one', async () => {
    const tab = await readyTab(new Uint8Array(8))
    putCaret(tab, 2)
    tab.editor.type('44')
    await drain(tab)
    tab.isConnected = false
    putCaret(tab, 5)
    tab.editor.type('55')
    tab.server.disk = 'replaced'
    tab.session.adopt({ ...tab.server.info(), revision: 9 })
    expect(tab.editor.canUndo).toBe(true)
    tab.server.disk = 'current'
    tab.server.revision = 10
    tab.session.adopt(tab.server.info())
    expect(tab.editor.canUndo).toBe(false)
    expect(tab.editor.pendingCount).toBe(0)
    expect(tab.session.marksIn(0, 8)).toEqual([])
    expect(tab.problems).toEqual(['1 edit was given up before it was written: another file has this name now.'])
  })

  it('hears from another tab, too, that the file is another one', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.editor.type('44')
    await drain(tab)
    const document = { ...tab.server.info(), revision: 9 }
    tab.session.applyChanged(
      { type: 'changed', cause: 'disk', document: { ...document, disk: 'replaced' }, ranges: [] },
      false,
    )
    expect(tab.editor.canUndo).toBe(true)
    tab.session.applyChanged(
      { type: 'changed', cause: 'reload', document: { ...document, revision: 10 }, ranges: [] },
      false,
    )
    expect(tab.editor.canUndo).toBe(false)
  })

  it('takes no notice of the answer to an edit it has given up', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.server.store(0, Uint8Array.of(9))
    tab.editor.type('4')
    await settle()
    tab.editor.startAnew()
    await drain(tab)
    expect(tab.editor.pendingCount).toBe(0)
    expect(tab.problems).toHaveLength(1)
    expect(tab.problems[0]).toContain('given up')
  })

  it('keeps edits while there is no connection and sends them in order when it is back', async () => {
    const tab = await readyTab(new Uint8Array(8))
    tab.isConnected = false
    putCaret(tab, 0)
    tab.editor.type('1')
    tab.editor.type('2')
    putCaret(tab, 4)
    tab.editor.type('ab')
    await drain(tab)
    expect([...tab.server.bytes]).toEqual(Array(8).fill(0))
    expect(tab.editor.pendingCount).toBe(2)
    expect(tab.session.cellAt(0).value).toBe(0x12)
    tab.isConnected = true
    tab.editor.resume()
    await drain(tab)
    expect([...tab.server.bytes]).toEqual([0x12, 0, 0, 0, 0xab, 0, 0, 0])
    expect(tab.editor.pendingCount).toBe(0)
  })

  it('is not confused by an answer that was lost after the bytes were stored', async () => {
    const tab = await readyTab(new Uint8Array(8))
    putCaret(tab, 3)
    tab.editor.type('55')
    await settle()
    // The first request was stored (by us, by hand), then the connection broke.
    tab.server.isReachable = false
    tab.server.store(3, Uint8Array.of(0x50))
    for (let step = 0; step < 20; step++) {
      await settle()
      tab.server.advance(seeded(step))
    }
    expect(tab.editor.pendingCount).toBeGreaterThan(0)
    tab.server.isReachable = true
    tab.editor.resume()
    await drain(tab)
    expect(tab.problems).toEqual([])
    expect(tab.server.bytes[3]).toBe(0x55)
    expect(tab.editor.pendingCount).toBe(0)
    tab.editor.dispose()
  })

  it('gives waiting edits up when told to, and shows the bytes as they were', async () => {
    const tab = await readyTab(new Uint8Array(8).fill(7))
    tab.isConnected = false
    tab.editor.type('99')
    expect(tab.session.cellAt(0).value).toBe(0x99)
    tab.editor.discardPending()
    expect(tab.session.cellAt(0).value).toBe(7)
    expect(tab.editor.canUndo).toBe(false)
    expect(tab.session.marksIn(0, 8)).toEqual([])
  })
})
