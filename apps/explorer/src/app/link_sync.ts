import { formatLink, parseLink } from './deep_link.ts'
import { noticePastEnd, openLink } from './open_link.ts'
import type { Services } from './services.ts'

/** Browsers count `replaceState` calls and refuse them after a hundred in some seconds; a held arrow key makes thirty a second. */
const THROTTLE_MS = 300

/** Keeps the address bar pointing at the caret, and follows it when someone edits it or goes back. Returns the end of it. */
export function syncLink(services: Services): () => void {
  const { document: documents, opener, selection, caret } = services
  let timer: ReturnType<typeof setTimeout> | undefined
  let known = location.hash
  const write = () => {
    timer = undefined
    // Somebody's link, of which the browser will tell in a moment: written over, it would be lost.
    if (location.hash !== known) return
    const { open, opening } = documents.getState()
    const info = open?.info
    // The address belongs to the link that is being followed.
    if (info === undefined || opening !== undefined) return
    const hash = formatLink({ path: info.path, offset: selection.getState().focus })
    if (hash === known) return
    history.replaceState(history.state, '', hash)
    known = location.hash
  }
  const schedule = () => {
    timer ??= setTimeout(write, THROTTLE_MS)
  }
  const follow = () => {
    known = location.hash
    const link = parseLink(location.hash)
    const { open, opening } = documents.getState()
    const isElsewhere = link.path !== undefined && link.path !== open?.info.path
    // A link back to what is shown ends the opening of another file; what is shown keeps its undo and its selection.
    if (!isElsewhere && opening !== undefined) opener.cancelOpening()
    // Afterwards the address is that of what is open, also when the link was refused.
    if (isElsewhere) void openLink(services, link.path, link.offset).then(schedule)
    else if (link.offset !== undefined && open !== undefined) {
      caret.moveTo(link.offset, { reveal: 'centre' })
      noticePastEnd(services, link)
      schedule()
    }
  }
  const ends = [
    selection.subscribe((state, previous) => {
      if (state.focus !== previous.focus) schedule()
    }),
    documents.subscribe((state, previous) => {
      if (state.open?.session !== previous.open?.session || state.opening !== previous.opening) schedule()
    }),
  ]
  window.addEventListener('hashchange', follow)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('hashchange', follow)
    for (const end of ends) end()
  }
}
