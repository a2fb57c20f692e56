import { describe, expect, it } from 'vitest'
import { ClientError } from '../../src/client/client_error.ts'
import type { SocketStatus } from '../../src/client/socket.ts'
import { Caret } from '../../src/document/caret.ts'
import { Opener } from '../../src/document/opener.ts'
import type { DocumentSession } from '../../src/document/session.ts'
import { CELL_KNOWN } from '../../src/hexview/grid_bytes.ts'
import { createConnectionStore } from '../../src/state/connection.ts'
import { createDocumentStore } from '../../src/state/document.ts'
import { createNoticesStore } from '../../src/state/notices.ts'
import { createSelectionStore } from '../../src/state/selection.ts'
import { createViewStore } from '../../src/state/view.ts'
import { settle } from '../support/harness.ts'
import { ModelServer } from '../support/model_server.ts'
import { seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

const OPEN: SocketStatus = {
  kind: 'open',
  hello: { type: 'hello', clientId: 'tab-1' } as Extract<SocketStatus, { kind: 'open' }>['hello'],
}

/** Lets the server answer all that is asked. */
async function drain(server: ModelServer): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    await settle()
    quiet = server.advance(seeded(1)) ? 0 : quiet + 1
  }
}

/** An opener over a model server that can lose the file. */
function openApp() {
  const server = new ModelServer(new Uint8Array(64))
  const state = {
    known: new Set<string>(),
    hasFile: true,
    knowsChanges: true,
    failure: 'ERR_NOT_FOUND' as 'ERR_NOT_FOUND' | 'ERR_TOO_MANY',
  }
  const gone = () => new ClientError(state.failure, 'no such file')
  const document = createDocumentStore()
  const selection = createSelectionStore()
  const notices = createNoticesStore()
  const connection = createConnectionStore()
  const byteLength = () => document.getState().open?.session.byteLength ?? 0
  const opener = new Opener({
    http: {
      getDocument: server.getDocument,
      readBytes: server.readBytes,
      edit: server.edit,
      openDocument: async () => {
        if (!state.hasFile) throw gone()
        state.known.add(server.id)
        return server.info()
      },
      reload: async () => server.info(),
    },
    socket: {
      status: OPEN,
      open: async (id, revision) => {
        if (!state.known.has(id)) throw gone()
        return server.open(state.knowsChanges ? revision : undefined)
      },
      close: async () => {},
      watch: async () => {},
    },
    caret: new Caret({ view: createViewStore(), selection, byteLength }),
    document,
    connection,
    notices,
    selection,
  })
  return { server, state, opener, document, notices, connection, selection }
}

describe('a document the server has not got any more', () => {
  it('is lost for as long as that is so, read-only meanwhile, and comes back when asked again', async () => {
    const { opener, document, server, state, notices } = openApp()
    await opener.open('root/file')
    await settle()
    state.known.clear()
    state.hasFile = false
    opener.reattach()
    await until(() => document.getState().isLost, 'the loss')
    expect(document.getState().open?.info.mode).toBe('read-only')
    opener.reattach()
    await settle()
    expect(document.getState().isLost).toBe(true)
    expect(notices.getState().notices).toEqual([])
    state.hasFile = true
    server.id = 'document2'
    opener.reattach()
    await until(() => !document.getState().isLost, 'the file')
    expect(document.getState().open?.info).toMatchObject({ id: 'document2', mode: 'write-through' })
    opener.close()
  })

  it('is not lost because the server is busy', async () => {
    const { opener, document, state, notices } = openApp()
    await opener.open('root/file')
    await settle()
    state.known.clear()
    state.hasFile = false
    state.failure = 'ERR_TOO_MANY'
    opener.reattach()
    await until(() => notices.getState().notices.length > 0, 'a notice')
    expect(document.getState().isLost).toBe(false)
    opener.close()
    state.hasFile = true
  })

  it('takes the loss with it when it is closed', async () => {
    const { opener, document, state } = openApp()
    await opener.open('root/file')
    await settle()
    state.known.clear()
    state.hasFile = false
    opener.reattach()
    await until(() => document.getState().isLost, 'the loss')
    opener.close()
    expect(document.getState().isLost).toBe(false)
  })
})

describe('a connection that comes back', () => {
  async function openShown() {
    const app = openApp()
    await app.opener.open('root/file')
    const session = app.document.getState().open?.session as DocumentSession
    session.setVisible(0, 64, 'none')
    await drain(app.server)
    expect(session.knownBytes({ start: 0, end: 64 })).toEqual(app.server.bytes)
    return { ...app, session }
  }

  it('has what happened meanwhile: that is read anew and glows, the rest stays', async () => {
    const { server, opener, session } = await openShown()
    server.store(10, Uint8Array.of(1, 2))
    server.store(40, Uint8Array.of(3))
    opener.reattach()
    await settle()
    expect(session.info.revision).toBe(3)
    expect(session.knownBytes({ start: 0, end: 10 })).toEqual(server.bytes.slice(0, 10))
    expect(session.cellAt(11).state).not.toBe(CELL_KNOWN)
    expect(session.cellAt(40).state).not.toBe(CELL_KNOWN)
    expect(session.marksIn(0, 64)).toMatchObject([
      { kind: 'changed', start: 10, end: 12 },
      { kind: 'changed', start: 40, end: 41 },
    ])
    await drain(server)
    expect(session.knownBytes({ start: 0, end: 64 })).toEqual(server.bytes)
  })

  it('shows nothing old when the server does not know what happened', async () => {
    const { server, opener, session, state } = await openShown()
    server.store(10, Uint8Array.of(1, 2))
    state.knowsChanges = false
    opener.reattach()
    await settle()
    for (let at = 0; at < 64; at++) expect(session.cellAt(at).state).not.toBe(CELL_KNOWN)
    await drain(server)
    expect(session.knownBytes({ start: 0, end: 64 })).toEqual(server.bytes)
  })

  it('lets no edit of its own glow, made over whatever connection', async () => {
    const { server, opener, session, connection } = await openShown()
    connection.setState({ socket: OPEN })
    opener.reattach()
    await settle()
    server.store(20, Uint8Array.of(7), 'tab-1')
    const hello = { ...OPEN.hello, clientId: 'tab-2' }
    connection.setState({ socket: { kind: 'open', hello } })
    opener.reattach()
    await settle()
    expect(session.info.revision).toBe(2)
    expect(session.marksIn(0, 64)).toEqual([])
    expect(session.cellAt(20).state).not.toBe(CELL_KNOWN)
  })

  it('lets nothing glow when all that is known is that the file was touched', async () => {
    const { server, opener, session } = await openShown()
    server.store(0, new Uint8Array(64).fill(9))
    opener.reattach()
    await settle()
    expect(session.marksIn(0, 64)).toEqual([])
    expect(session.cellAt(30).state).not.toBe(CELL_KNOWN)
  })
})

describe('the warning that edits are not written', () => {
  it('goes away when they are', async () => {
    const { opener, document, server, notices, connection, selection } = openApp()
    await opener.open('root/file')
    const open = document.getState().open
    open?.session.setVisible(0, 64, 'none')
    const isRead = () => {
      server.advance(seeded(1))
      return open?.session.cellAt(0).state === 1
    }
    await until(isRead, 'the bytes')
    selection.setState({ anchor: 0, focus: 0, pane: 'hex', nibble: 'high' })
    open?.editor.type('4')
    expect(document.getState().pendingEdits).toBe(1)
    await opener.open('root/other')
    expect(notices.getState().notices).toMatchObject([{ key: 'leave' }])
    connection.setState({ socket: OPEN })
    open?.editor.resume()
    await until(() => {
      server.advance(seeded(1))
      return document.getState().pendingEdits === 0
    }, 'the edit')
    expect(notices.getState().notices).toEqual([])
    opener.close()
  })
})
