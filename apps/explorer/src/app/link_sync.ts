import { formatLink, parseLink } from './deep_link.ts'
import type { Services } from './services.ts'

/** Browsers count `replaceState` calls and refuse them after a hundred in some seconds; a held arrow key makes thirty a second. */
const THROTTLE_MS = 300

/** Keeps the address bar pointing at the caret, and follows it when someone edits it or goes back. Returns the end of it. */
export function syncLink(services: Services): () => void {
  const { document: documents, selection, opener, caret } = services
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    timer = undefined
    const info = documents.getState().open?.info
    if (info === undefined) return
    const hash = formatLink({ path: info.path, offset: selection.getState().focus })
    if (hash !== location.hash) history.replaceState(history.state, '', hash)
  }
  const schedule = () => {
    timer ??= setTimeout(write, THROTTLE_MS)
  }
  const follow = () => {
    const link = parseLink(location.hash)
    const present = documents.getState().open?.info.path
    if (link.path !== undefined && link.path !== present) void opener.open(link.path, link.offset)
    else if (link.offset !== undefined && present !== undefined) caret.moveTo(link.offset, { reveal: 'centre' })
  }
  const ends = [
    selection.subscribe((state, previous) => {
      if (state.focus !== previous.focus) schedule()
    }),
    documents.subscribe((state, previous) => {
      if (state.open?.session !== previous.open?.session) schedule()
    }),
  ]
  window.addEventListener('hashchange', follow)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('hashchange', follow)
    for (const end of ends) end()
  }
}
