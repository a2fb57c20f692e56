import { createHttpClient, type HttpClient } from '../client/http.ts'
import { SocketClient } from '../client/socket.ts'
import type { CommandContext } from '../commands/index.ts'
import { Caret } from '../document/caret.ts'
import { Finder } from '../document/finder.ts'
import { GoTo } from '../document/go_to.ts'
import { Opener } from '../document/opener.ts'
import { type ConnectionStore, createConnectionStore } from '../state/connection.ts'
import { createDocumentStore } from '../state/document.ts'
import { createNoticesStore } from '../state/notices.ts'
import { createPanelsStore } from '../state/panels.ts'
import { createSearchStore } from '../state/search.ts'
import { createSelectionStore } from '../state/selection.ts'
import { createSettingsStore } from '../state/settings.ts'
import { createViewStore } from '../state/view.ts'
import { writeClipboard } from './clipboard.ts'

/** Everything the application is made of, put together once. */
export interface Services extends CommandContext {
  readonly connection: ConnectionStore
  readonly http: HttpClient
  readonly socket: SocketClient
}

/** The composition root: the only place that says `new`. */
export function createServices(origin: string): Services {
  const stores = {
    connection: createConnectionStore(),
    document: createDocumentStore(),
    notices: createNoticesStore(),
    panels: createPanelsStore(),
    search: createSearchStore(),
    selection: createSelectionStore(),
    settings: createSettingsStore(localStorageIfAllowed()),
    view: createViewStore(),
  }
  const { connection, document, view, selection } = stores
  const http = createHttpClient({
    baseUrl: origin,
    onUnauthorized: () => {
      connection.setState({ access: 'denied' })
      socket.stop()
    },
  })
  const byteLength = () => document.getState().open?.session.byteLength ?? 0
  const caret = new Caret({ view, selection, byteLength })
  const socket: SocketClient = new SocketClient({
    baseUrl: origin.replace(/^http/, 'ws'),
    onStatus: (status) => {
      connection.setState({ socket: status, ...(status.kind === 'open' ? {} : { roundTripMs: undefined }) })
      if (status.kind === 'open') opener.reattach()
      // A refused upgrade looks like any other failure to a browser; asking over HTTP tells an expired session.
      if (status.kind === 'waiting') void http.listFiles('').catch(() => {})
    },
    onChanged: (message) => opener.applyChanged(message),
    onPatch: (patch) => opener.applyPatch(patch),
    onRoundTrip: (roundTripMs) => connection.setState({ roundTripMs }),
  })
  const opener: Opener = new Opener({ ...stores, http, socket, caret })
  return {
    ...stores,
    http,
    socket,
    caret,
    opener,
    goTo: new GoTo({ view, caret, notices: stores.notices, byteLength }),
    finder: new Finder({ ...stores, socket, caret, isBarOpen: () => stores.panels.getState().bar === 'find' }),
    writeClipboard,
    focusGrid,
  }
}

/** The grid is one element with one tab stop, and the only `role=grid` there is. */
export function gridElement(): HTMLElement | null {
  return globalThis.document.querySelector<HTMLElement>('[role="grid"]')
}

function focusGrid(): void {
  gridElement()?.focus({ preventScroll: true })
}

function localStorageIfAllowed(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
