import { notify } from '../state/notices.ts'
import { formatBytes } from '../ui/format.ts'
import type { DeepLink } from './deep_link.ts'
import type { Services } from './services.ts'

/** Opens the file a link names, at its offset; says so when the link leads nowhere. Ends when the file is open or is not. */
export async function openLink(services: Services, path: string, offset: number | undefined): Promise<void> {
  const { opener, document: documents, notices } = services
  await opener.open(path, offset)
  const { open, opening, failure } = documents.getState()
  if (opening !== undefined) return
  if (open?.info.path === path) {
    noticePastEnd(services, { path, offset })
    return
  }
  // Without a document the picker is on the page and says it.
  if (open === undefined || failure?.path !== path) return
  documents.setState({ failure: undefined })
  notify(notices, { key: 'link', tone: 'danger', text: `${path} cannot be opened: ${failure.message}` })
}

/** Says that a link points past the end. The length itself is a place of the caret, the one after the last byte. */
export function noticePastEnd({ document: documents, notices }: Services, { offset }: DeepLink): void {
  const info = documents.getState().open?.info
  if (info === undefined || offset === undefined || offset <= info.byteLength) return
  const place = `0x${offset.toString(16).toUpperCase()}`
  const text = `The link points to ${place}, past the end of ${info.name}, which has ${formatBytes(info.byteLength)}.`
  notify(notices, { key: 'link', tone: 'warning', text })
}
