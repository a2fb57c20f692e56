import { createHttpClient } from '../../src/client/http.ts'
import { type SearchAnswer, type SearchRequest, SocketClient } from '../../src/client/socket.ts'
import type { CommandContext } from '../../src/commands/command.ts'
import { Caret } from '../../src/document/caret.ts'
import { Finder } from '../../src/document/finder.ts'
import { GoTo } from '../../src/document/go_to.ts'
import { Opener } from '../../src/document/opener.ts'
import { createConnectionStore } from '../../src/state/connection.ts'
import { createDocumentStore } from '../../src/state/document.ts'
import { createNoticesStore } from '../../src/state/notices.ts'
import { createPanelsStore } from '../../src/state/panels.ts'
import { createSearchStore } from '../../src/state/search.ts'
import { createSettingsStore } from '../../src/state/settings.ts'
import { createViewStore } from '../../src/state/view.ts'
import { openTab, type Tab } from './harness.ts'

/** The application without a page, over a model server's document; searches are answered by the test. */
export interface TestContext extends CommandContext {
  readonly tab: Tab
  readonly searches: (SearchRequest & { readonly finish: (answer: SearchAnswer) => void })[]
  readonly copied: string[]
}

export function makeContext(bytes: Uint8Array): TestContext {
  const tab = openTab(bytes)
  const view = createViewStore()
  view.setState({ columns: 16, visibleRows: 4 })
  const document = createDocumentStore()
  document.setState({ open: { session: tab.session, editor: tab.editor, info: tab.session.info } })
  const notices = createNoticesStore()
  const connection = createConnectionStore()
  const search = createSearchStore()
  const { selection } = tab
  const byteLength = () => tab.session.byteLength
  const caret = new Caret({ view, selection, byteLength })
  const http = createHttpClient({ baseUrl: 'http://127.0.0.1:9' })
  const socket = new SocketClient({ baseUrl: 'ws://127.0.0.1:9', onStatus() {}, onChanged() {}, onRoundTrip() {} })
  const searches: TestContext['searches'] = []
  const copied: string[] = []
  const panels = createPanelsStore()
  const answerLater = (request: SearchRequest) =>
    new Promise<SearchAnswer>((resolve, reject) => {
      searches.push({ ...request, finish: resolve })
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
    })
  return {
    tab,
    searches,
    copied,
    view,
    selection,
    document,
    notices,
    search,
    caret,
    panels,
    settings: createSettingsStore(undefined),
    goTo: new GoTo({ view, caret, notices, byteLength }),
    finder: new Finder({
      search,
      document,
      notices,
      caret,
      socket: { search: answerLater },
      isBarOpen: () => panels.getState().bar === 'find',
    }),
    opener: new Opener({ http, socket, caret, document, connection, notices, selection }),
    writeClipboard: async (text) => void copied.push(text),
    focusGrid: () => {},
  }
}
