import { describe, expect, it } from 'vitest'
import { CELL_KNOWN } from '../../src/hexview/grid_bytes.ts'
import { cellBuffer } from '../support/cells.ts'
import { drain, openTab, settle, TAB_CLIENT_ID, type Tab } from '../support/harness.ts'
import { type Random, seeded, seeds } from '../support/random.ts'

const LENGTH = 100

/** Bytes typed in this test, by offset: while unconfirmed they may be shown instead of the revision's own. */
type Typed = Map<number, Set<number>>

function add(values: Typed, offset: number, value: number): void {
  values.set(offset, (values.get(offset) ?? new Set()).add(value))
}

function deliverEvent(tab: Tab): boolean {
  const event = tab.server.events.shift()
  if (event === undefined) return false
  tab.session.applyChanged(event, event.clientId === TAB_CLIENT_ID)
  return true
}

function assertTrue(tab: Tab, typed: Typed, step: number): void {
  const { session, server } = tab
  const truth = server.snapshots.get(session.info.revision)
  const cells = cellBuffer(LENGTH)
  session.readCells(0, LENGTH, cells)
  for (let at = 0; at < LENGTH; at++) {
    if (cells.states[at] !== CELL_KNOWN) continue
    const value = cells.values[at] ?? 0
    const isOwn = typed.get(at)?.has(value) === true
    if (!isOwn) expect(value, `byte ${at} at revision ${session.info.revision}, step ${step}`).toBe(truth?.[at])
  }
}

async function randomSteps(random: Random): Promise<void> {
  const tab = openTab(random.bytes(LENGTH))
  const { server, session, editor, selection } = tab
  const typed: Typed = new Map()
  const overwritten: Typed = new Map()
  for (let step = 0; step < 250; step++) {
    const kind = random.below(13)
    if (kind === 0) server.store(random.below(LENGTH - 4), random.bytes(1 + random.below(4)))
    else if (kind === 1) deliverEvent(tab)
    else if (kind === 2) {
      const start = random.below(LENGTH)
      session.setVisible(start, Math.min(LENGTH, start + 40), random.pick(['forward', 'backward', 'none']))
    } else if (kind === 3) {
      const offset = random.below(LENGTH)
      selection.setState({ anchor: offset, focus: offset, pane: 'hex', nibble: 'high' })
      const before = session.cellAt(offset)
      const digit = random.below(16)
      editor.type(digit.toString(16))
      if (before.state === CELL_KNOWN) {
        add(typed, offset, (digit << 4) | (before.value & 15))
        add(overwritten, offset, before.value)
      }
    } else if (kind === 4) {
      // An undo writes back what was typed over.
      for (const [offset, values] of overwritten) for (const value of values) add(typed, offset, value)
      editor.undo()
    } else if (kind === 5) {
      // A connection is lost, with the events on their way, and comes back.
      session.resume(server.open(session.info.revision), (clientId) => clientId === TAB_CLIENT_ID)
    } else server.advance(random)
    await settle()
    assertTrue(tab, typed, step)
  }
  session.setVisible(0, LENGTH, 'none')
  await drain(tab)
  const cells = cellBuffer(LENGTH)
  session.readCells(0, LENGTH, cells)
  expect(cells.states.every((state) => state === CELL_KNOWN)).toBe(true)
  expect([...cells.values]).toEqual([...server.bytes])
  expect(editor.pendingCount).toBe(0)
  session.dispose()
}

describe('document session', () => {
  for (const seed of seeds(25)) {
    it(`never shows a byte of another revision (seed ${seed})`, () => randomSteps(seeded(seed)))
  }

  it('shows nothing old once it is told of a change', async () => {
    const tab = openTab(new Uint8Array(32).fill(1))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    tab.server.store(5, Uint8Array.of(9))
    expect(tab.session.cellAt(5)).toEqual({ state: CELL_KNOWN, value: 1 })
    deliverEvent(tab)
    expect(tab.session.cellAt(5).state).not.toBe(CELL_KNOWN)
    expect(tab.session.cellAt(6)).toEqual({ state: CELL_KNOWN, value: 1 })
    expect(tab.session.marksIn(0, 32)).toMatchObject([{ kind: 'changed', start: 5, end: 6 }])
    await drain(tab)
    expect(tab.session.cellAt(5)).toEqual({ state: CELL_KNOWN, value: 9 })
    tab.session.dispose()
  })

  it('takes in what watched bytes are, and lets glow what it had shown otherwise', async () => {
    const tab = openTab(new Uint8Array(32).fill(1))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    const patch = { documentId: tab.session.info.id, offset: 4, bytes: Uint8Array.of(1, 7, 8, 1) }
    // Of another revision, or of another document: an event says more.
    tab.session.applyPatch({ ...patch, generation: 2 })
    tab.session.applyPatch({ ...patch, documentId: 'another', generation: 1 })
    expect(tab.session.cellAt(5).value).toBe(1)
    tab.session.applyPatch({ ...patch, generation: 1 })
    expect(tab.session.knownBytes({ start: 4, end: 8 })).toEqual(Uint8Array.of(1, 7, 8, 1))
    expect(tab.session.marksIn(0, 32)).toMatchObject([{ kind: 'changed', start: 5, end: 7 }])
    tab.session.dispose()
  })

  it('lets glow only what is known to differ, however much may', async () => {
    const tab = openTab(new Uint8Array(32))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    const document = { ...tab.session.info, revision: 2 }
    const watched = [{ start: 3, end: 4 }]
    tab.session.applyChanged(
      { type: 'changed', cause: 'disk', document, ranges: [{ start: 0, end: 32 }], watched },
      false,
    )
    expect(tab.session.cellAt(9).state).not.toBe(CELL_KNOWN)
    expect(tab.session.marksIn(0, 32)).toMatchObject([{ kind: 'changed', start: 3, end: 4 }])
    tab.session.dispose()
  })

  it('patches its own edit in place: no cell is unread for a moment', async () => {
    const tab = openTab(new Uint8Array(32))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    let wasUnread = false
    tab.session.subscribe(() => {
      wasUnread ||= tab.session.cellAt(3).state !== CELL_KNOWN
    })
    tab.selection.setState({ anchor: 3, focus: 3 })
    tab.editor.type('A')
    expect(tab.session.cellAt(3).value).toBe(0xa0)
    await drain(tab)
    expect(tab.session.info.revision).toBe(2)
    expect(tab.session.cellAt(3).value).toBe(0xa0)
    expect(wasUnread).toBe(false)
    expect(tab.session.marksIn(0, 32)).toEqual([{ kind: 'edited', start: 3, end: 4 }])
    tab.session.dispose()
  })

  it('reads for a copy what is on screen: the revision and the edits not in it yet', async () => {
    const tab = openTab(new Uint8Array(64))
    tab.session.setVisible(0, 16, 'none')
    await drain(tab)
    tab.isConnected = false
    tab.selection.setState({ anchor: 3, focus: 3 })
    tab.editor.type('AA')
    const reading = tab.session.readBytes({ start: 2, end: 64 }, new AbortController().signal)
    await drain(tab)
    expect([...(await reading).subarray(0, 3)]).toEqual([0, 0xaa, 0])
    tab.session.dispose()
  })

  for (const seed of seeds(20)) {
    it(`never mixes two revisions in what it reads for a copy (seed ${seed})`, async () => {
      const random = seeded(seed)
      const tab = openTab(new Uint8Array(64))
      const { server, session } = tab
      server.maxReadByteLength = 16
      let bytes: Uint8Array | undefined
      const reading = session.readBytes({ start: 0, end: 64 }, new AbortController().signal).then((read) => {
        bytes = read
      })
      for (let stores = 0; bytes === undefined; ) {
        if (stores < 3 && random.below(4) === 0) server.store(0, new Uint8Array(64).fill(++stores))
        if (random.below(3) === 0) deliverEvent(tab)
        else server.advance(random)
        await settle()
        await new Promise((resolve) => setTimeout(resolve, random.below(2)))
      }
      await reading
      expect(new Set(bytes).size).toBe(1)
      session.dispose()
    })
  }

  it('reads a copy again when an edit of its own was stored while an older answer was on its way', async () => {
    const tab = openTab(new Uint8Array(64))
    tab.session.setVisible(0, 16, 'none')
    await drain(tab)
    const reading = tab.session.readBytes({ start: 0, end: 64 }, new AbortController().signal)
    const [read] = tab.server.calls.splice(0)
    read?.process()
    tab.selection.setState({ anchor: 3, focus: 3 })
    tab.editor.type('AA')
    await drain(tab)
    expect(tab.server.bytes[3]).toBe(0xaa)
    read?.deliver()
    await drain(tab)
    expect((await reading)[3]).toBe(0xaa)
    tab.session.dispose()
  })

  it('gives up a copy of bytes that change all the time', async () => {
    const tab = openTab(new Uint8Array(64))
    const timer = setInterval(() => tab.server.store(0, Uint8Array.of(1)), 0)
    const reading = tab.session.readBytes({ start: 0, end: 64 }, new AbortController().signal)
    const outcome = reading.then(
      () => 'read',
      (error: Error) => error.message,
    )
    let isOver = false
    void outcome.then(() => {
      isOver = true
    })
    while (!isOver) {
      tab.server.store(0, Uint8Array.of(1))
      deliverEvent(tab)
      tab.server.advance(seeded(1))
      await settle()
    }
    clearInterval(timer)
    expect(await outcome).toContain('keep changing')
    tab.session.dispose()
  })

  it('is read-only while the server has not got it, and as it was once it is back', async () => {
    const tab = openTab(new Uint8Array(32))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    tab.session.lose()
    tab.editor.type('AA')
    expect(tab.problems).toEqual(['The server has not got this file any more.'])
    expect(tab.editor.pendingCount).toBe(0)
    expect(tab.session.cellAt(3).state).toBe(CELL_KNOWN)
    tab.server.id = 'document2'
    tab.session.adopt(tab.server.info())
    expect(tab.session.info.mode).toBe('write-through')
    tab.session.dispose()
  })

  it('forgets everything when the document is another one now', async () => {
    const tab = openTab(new Uint8Array(32).fill(1))
    tab.session.setVisible(0, 32, 'none')
    await drain(tab)
    tab.server.id = 'document2'
    tab.server.bytes = new Uint8Array(48).fill(2)
    tab.session.adopt(tab.server.info())
    expect(tab.session.byteLength).toBe(48)
    expect(tab.session.cellAt(0).state).not.toBe(CELL_KNOWN)
    tab.session.setVisible(0, 48, 'none')
    await drain(tab)
    expect(tab.session.cellAt(47)).toEqual({ state: CELL_KNOWN, value: 2 })
    tab.session.dispose()
  })

  it('lets glow what is another byte in the document that a restarted server opened anew, and nothing of its own', async () => {
    const tab = openTab(new Uint8Array(64).fill(1))
    const { server, session, selection } = tab
    session.setVisible(0, 48, 'none')
    await drain(tab)
    selection.setState({ anchor: 2, focus: 2, pane: 'hex', nibble: 'high' })
    tab.isConnected = false
    tab.editor.type('AB')
    server.id = 'document2'
    server.bytes.set([7, 8], 20)
    // Not on screen: nobody can say what was there.
    server.bytes.set([9], 60)
    session.adopt(server.info())
    tab.isConnected = true
    tab.editor.resume()
    await drain(tab)
    expect(session.knownBytes({ start: 20, end: 22 })).toEqual(Uint8Array.of(7, 8))
    expect(session.cellAt(2)).toEqual({ state: CELL_KNOWN, value: 0xab })
    expect(session.marksIn(0, 64).filter(({ kind }) => kind === 'changed')).toMatchObject([{ start: 20, end: 22 }])
    // Once; the next change is told by its event.
    session.adopt(server.info())
    await drain(tab)
    expect(session.marksIn(0, 64).filter(({ kind }) => kind === 'changed')).toHaveLength(1)
    session.dispose()
  })
})
