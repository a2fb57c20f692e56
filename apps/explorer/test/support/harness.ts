import { Editor } from '../../src/document/editor.ts'
import { DocumentSession } from '../../src/document/session.ts'
import { createSelectionStore, type SelectionStore } from '../../src/state/selection.ts'
import { ModelServer } from './model_server.ts'

/** One tab's document over a model server. */
export interface Tab {
  readonly server: ModelServer
  readonly session: DocumentSession
  readonly editor: Editor
  readonly selection: SelectionStore
  readonly problems: string[]
  /** While false, there is no socket: edits wait. */
  isConnected: boolean
}

export const TAB_CLIENT_ID = 'tab-1'

export function openTab(bytes: Uint8Array): Tab {
  const server = new ModelServer(bytes)
  const problems: string[] = []
  const session = new DocumentSession({
    info: server.info(),
    http: server,
    onInfo: () => {},
    onFailure: () => {},
    cache: { chunkByteLength: 16 },
    loader: { retry: { baseMs: 1, maxMs: 1 }, staleWaitMs: 1 },
  })
  const selection = createSelectionStore()
  const tab: Tab = {
    server,
    session,
    selection,
    problems,
    isConnected: true,
    editor: new Editor({
      session,
      selection,
      http: server,
      clientId: () => (tab.isConnected ? TAB_CLIENT_ID : undefined),
      onProblem: (message) => problems.push(message),
      onLost: (message) => problems.push(message),
      onWaiting: () => {},
      onChange: () => {},
      onCaretMoved: () => {},
    }),
  }
  return tab
}

/** Lets promises that are settled run their course. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** Brings every request, answer and event through, in order. */
export async function drain(tab: Tab): Promise<void> {
  const inOrder = {
    seed: 0,
    below: () => 0,
    bytes: () => new Uint8Array(),
    pick: <T>(items: readonly T[]) => items[0] as T,
  }
  for (let quiet = 0; quiet < 5; ) {
    await settle()
    const event = tab.server.events.shift()
    if (event !== undefined) tab.session.applyChanged(event, event.clientId === TAB_CLIENT_ID)
    const isBusy = tab.server.advance(inOrder) || event !== undefined
    quiet = isBusy ? 0 : quiet + 1
    // Pauses before another attempt are a millisecond long here.
    if (!isBusy) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
