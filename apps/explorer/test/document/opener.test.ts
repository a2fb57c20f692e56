import { describe, expect, it } from 'vitest'
import { ClientError } from '../../src/client/client_error.ts'
import type { SocketStatus } from '../../src/client/socket.ts'
import { Caret } from '../../src/document/caret.ts'
import { Opener } from '../../src/document/opener.ts'
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

/** An opener over a model server that can lose the file. */
function openApp() {
  const server = new ModelServer(new Uint8Array(64))
  const state = {
    known: new Set<string>(),
    hasFile: true,
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
      open: async (id) => {
        if (!state.known.has(id)) throw gone()
        return server.info()
      },
      close: async () => {},
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
