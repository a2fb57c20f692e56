import type { DocumentInfo } from '@mapscope/protocol'
import { isClientError, isPassing, messageOf } from '../client/client_error.ts'
import type { HttpClient } from '../client/http.ts'
import type { ChangedMessage, Patch, SocketClient } from '../client/socket.ts'
import { type ConnectionStore, clientIdOf } from '../state/connection.ts'
import type { DocumentStore, OpenDocument } from '../state/document.ts'
import { announce, dismissKey, type NoticesStore, notify } from '../state/notices.ts'
import type { SelectionStore } from '../state/selection.ts'
import type { Caret } from './caret.ts'
import { Editor } from './editor.ts'
import { Losses } from './losses.ts'
import { DocumentSession } from './session.ts'
import { Subscription } from './subscription.ts'
import { Watcher } from './watcher.ts'

export interface OpenerOptions {
  readonly http: Pick<HttpClient, 'openDocument' | 'getDocument' | 'readBytes' | 'edit' | 'reload'>
  readonly socket: Pick<SocketClient, 'open' | 'close' | 'watch' | 'status'>
  readonly caret: Caret
  readonly document: DocumentStore
  readonly connection: ConnectionStore
  readonly notices: NoticesStore
  readonly selection: SelectionStore
}

/** For benchmarks and tests: from here to `mapscope:first-bytes` is how long opening takes. */
export const OPEN_MARK = 'mapscope:open-click'

/** Opens a file, keeps it subscribed, reloads and closes it. One document at a time. */
export class Opener {
  readonly #options: OpenerOptions
  #subscription: Subscription | undefined
  #watcher: Watcher | undefined
  #opening: AbortController | undefined
  /** Of every connection there was: what an edit was made over may be gone when it is told. */
  readonly #clientIds: Set<string> = new Set()
  readonly #losses: Losses

  constructor(options: OpenerOptions) {
    this.#options = options
    this.#losses = new Losses(options.notices)
  }

  async open(path: string, offset = 0): Promise<void> {
    const { document, http, caret } = this.#options
    if (!this.#mayLeave(() => void this.open(path, offset))) return
    performance.mark(OPEN_MARK)
    this.#opening?.abort()
    const opening = new AbortController()
    this.#opening = opening
    document.setState({ opening: path, failure: undefined })
    try {
      const info = await http.openDocument(path, { signal: opening.signal })
      if (opening.signal.aborted) return
      // Asked again: a byte may have been typed while the answer was on its way.
      if (!this.#mayLeave(() => void this.open(path, offset))) {
        document.setState({ opening: undefined })
        return
      }
      this.close()
      this.#start(info)
      caret.moveTo(offset, { reveal: 'centre' })
      document.setState({ opening: undefined })
    } catch (error) {
      if (opening.signal.aborted) return
      document.setState({ opening: undefined, failure: { path, message: messageOf(error) } })
    }
  }

  /** Stays with what is open: a file that is on its way is not opened. */
  cancelOpening(): void {
    this.#opening?.abort()
    this.#options.document.setState({ opening: undefined })
  }

  close(): void {
    const { document, notices } = this.#options
    const { open } = document.getState()
    this.#watcher?.end()
    this.#watcher = undefined
    this.#subscription?.end()
    this.#subscription = undefined
    open?.editor.dispose()
    open?.session.dispose()
    document.setState({
      open: undefined,
      pendingEdits: 0,
      canUndo: false,
      canRedo: false,
      hovered: undefined,
      isLost: false,
    })
    dismissKey(notices, 'leave')
  }

  /** Takes the file as it is on disk now: another length, another file under the name. */
  async reload(): Promise<void> {
    const { document, http, notices } = this.#options
    const session = document.getState().open?.session
    if (session === undefined) return
    document.setState({ isReloading: true })
    try {
      session.adopt(await http.reload(session.info.id))
    } catch (error) {
      notify(notices, { key: 'reload', tone: 'danger', text: `Not reloaded: ${messageOf(error)}` })
    } finally {
      document.setState({ isReloading: false })
    }
  }

  /** A connection is there (again). */
  reattach(): void {
    const clientId = clientIdOf(this.#options.connection.getState())
    if (clientId !== undefined) this.#clientIds.add(clientId)
    void this.#subscription?.attach()
  }

  applyChanged(message: ChangedMessage): void {
    const { open } = this.#options.document.getState()
    open?.session.applyChanged(message, message.clientId !== undefined && this.#clientIds.has(message.clientId))
  }

  applyPatch(patch: Patch): void {
    this.#options.document.getState().open?.session.applyPatch(patch)
  }

  #start(info: DocumentInfo): void {
    const { http, socket, document, connection, notices, selection, caret } = this.#options
    const session: DocumentSession = new DocumentSession({
      info,
      http,
      onInfo: (present) => this.#showInfo(present),
      onFailure: (error) => this.#reportFailure(error),
      onVisible: (visible) => watcher.show(visible),
    })
    const watcher: Watcher = new Watcher({ socket, documentId: () => session.info.id })
    this.#watcher = watcher
    const problem = (text: string) => notify(notices, { key: 'edit', tone: 'warning', text })
    const editor: Editor = new Editor({
      session,
      selection,
      http,
      clientId: () => clientIdOf(connection.getState()),
      onProblem: problem,
      onLost: (text) => this.#losses.tell(text),
      onWaiting: (error) => this.#reportFailure(error),
      onChange: () => this.#showEdits(),
      onCaretMoved: () => caret.reveal(),
    })
    caret.reset()
    document.setState({ open: { session, editor, info } })
    this.#subscription = new Subscription({
      session,
      socket,
      http,
      onAttached: () => {
        session.wake()
        editor.resume()
        watcher.attach()
      },
      isOwn: (clientId) => this.#clientIds.has(clientId),
      onLost: (error) => this.#reportLoss(session, error),
    })
    this.reattach()
  }

  #showInfo(info: DocumentInfo): void {
    const { document, selection } = this.#options
    const open = document.getState().open
    if (open === undefined) return
    document.setState({ open: { ...open, info } satisfies OpenDocument, isLost: open.session.isLost })
    const { anchor, focus } = selection.getState()
    const last = Math.max(0, info.byteLength - 1)
    if (anchor > info.byteLength || focus > info.byteLength) {
      selection.setState({ anchor: Math.min(anchor, last), focus: Math.min(focus, last) })
    }
  }

  #showEdits(): void {
    const { document, notices } = this.#options
    const editor = document.getState().open?.editor
    if (editor === undefined) return
    document.setState({ pendingEdits: editor.pendingCount, canUndo: editor.canUndo, canRedo: editor.canRedo })
    if (editor.pendingCount === 0) dismissKey(notices, 'leave')
  }

  /** What passes is tried again when the next request is; the rest lasts, and is a state rather than a message. */
  #reportLoss(session: DocumentSession, error: unknown): void {
    const { notices } = this.#options
    if (isClientError(error, 'ERR_UNAUTHORIZED')) return
    if (isPassing(error)) {
      notify(notices, { key: 'lost', tone: 'danger', text: `Not connected to the file: ${messageOf(error)}` })
      return
    }
    if (!session.isLost) announce(notices, 'The server has not got this file any more')
    session.lose()
  }

  /** Failures that mend themselves say nothing here: a lost connection has its banner. */
  #reportFailure(error: unknown): void {
    if (isClientError(error, 'ERR_NOT_FOUND')) this.reattach()
    else if (isClientError(error, 'ERR_NETWORK') || isClientError(error, 'ERR_UNAUTHORIZED')) return
    else notify(this.#options.notices, { key: 'failure', tone: 'danger', text: messageOf(error) })
  }

  /** No unsent edit disappears silently. */
  #mayLeave(retry: () => void): boolean {
    const { document, notices } = this.#options
    const { open, pendingEdits } = document.getState()
    if (open === undefined || pendingEdits === 0) return true
    const count = pendingEdits === 1 ? '1 edit is' : `${pendingEdits} edits are`
    notify(notices, {
      key: 'leave',
      tone: 'warning',
      text: `${count} not written to ${open.info.name} yet. Wait for the connection, or give them up.`,
      action: {
        title: 'Give up and open',
        run: () => {
          open.editor.discardPending()
          this.close()
          retry()
        },
      },
    })
    return false
  }
}
