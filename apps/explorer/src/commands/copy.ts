import { formatByte } from '@mapscope/core/shared'
import { messageOf } from '../client/client_error.ts'
import { notify } from '../state/notices.ts'
import { selectedRange } from '../state/selection.ts'
import type { CommandContext } from './command.ts'

/** Beyond this, text in the clipboard is no use to anyone, and near 178 MB of bytes no engine can hold the string. */
export const MAX_COPY_BYTE_LENGTH: number = 1024 * 1024
const DEADLINE_MS = 20_000

/** Copies the selection (or the byte at the caret) as hex digits or as text, whichever column the caret is in. */
export async function copySelection(context: CommandContext): Promise<void> {
  const { document, selection, notices } = context
  const session = document.getState().open?.session
  if (session === undefined) return
  const state = selection.getState()
  const selected = selectedRange(state) ?? { start: state.focus, end: state.focus + 1 }
  const range = { start: selected.start, end: Math.min(selected.end, session.byteLength) }
  const byteLength = range.end - range.start
  if (byteLength <= 0) return
  const say = (tone: 'success' | 'warning' | 'danger', text: string) => notify(notices, { key: 'copy', tone, text })
  if (byteLength > MAX_COPY_BYTE_LENGTH) {
    say(
      'warning',
      `${byteLength.toLocaleString('en')} bytes are too many for the clipboard; up to 1 MiB can be copied.`,
    )
    return
  }
  try {
    const bytes = await session.readBytes(range, AbortSignal.timeout(DEADLINE_MS))
    await context.writeClipboard(state.pane === 'hex' ? hexText(bytes) : new TextDecoder().decode(bytes))
    const what = state.pane === 'hex' ? 'hex' : 'text'
    say('success', `Copied ${byteLength.toLocaleString('en')} ${byteLength === 1 ? 'byte' : 'bytes'} as ${what}.`)
  } catch (error) {
    say('danger', `Not copied: ${messageOf(error)}`)
  }
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, formatByte).join(' ')
}
