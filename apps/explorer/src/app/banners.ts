import { formatOffset, offsetDigits } from '@mapscope/core/shared'
import type { DocumentInfo } from '@mapscope/protocol'
import type { SocketStatus } from '../client/socket.ts'
import { formatBytes, formatCount } from '../ui/format.ts'

export type BannerKind =
  | 'disconnected'
  | 'truncated'
  | 'grown'
  | 'replaced'
  | 'deleted'
  | 'lost'
  | 'edits-waiting'
  | 'session-ended'

/** A lasting condition the reader must know of while looking at the bytes. */
export interface Banner {
  readonly kind: BannerKind
  readonly tone: 'warning' | 'danger' | 'info'
  readonly text: string
  readonly action?: { readonly title: string; readonly does: 'reload' | 'connect' | 'reattach' }
}

export interface BannerFacts {
  readonly info: DocumentInfo | undefined
  readonly socket: SocketStatus
  readonly isDenied: boolean
  /** The server has not got the document any more. */
  readonly isLost: boolean
  readonly pendingEdits: number
  readonly nowMs: number
}

const LOST: Banner = {
  kind: 'lost',
  tone: 'danger',
  text: 'The server has not got this file any more; what is shown is what was read before.',
  action: { title: 'Try again', does: 'reattach' },
}

export function bannersOf(facts: BannerFacts): Banner[] {
  return [
    connectionBanner(facts),
    editsBanner(facts),
    facts.isLost ? LOST : facts.info && diskBanner(facts.info),
  ].filter((banner) => banner !== undefined)
}

function connectionBanner({ socket, isDenied, nowMs }: BannerFacts): Banner | undefined {
  if (isDenied) {
    return {
      kind: 'session-ended',
      tone: 'danger',
      text: 'The session has ended. Open the link the server printed in another tab, then come back to this one.',
      action: { title: 'Try again', does: 'connect' },
    }
  }
  if (socket.kind !== 'waiting') return undefined
  const seconds = Math.max(0, Math.ceil((socket.retryAtMs - nowMs) / 1000))
  return {
    kind: 'disconnected',
    tone: 'danger',
    text: `Connection lost. The bytes shown may be out of date. Trying again in ${seconds} s.`,
    action: { title: 'Try now', does: 'connect' },
  }
}

function editsBanner({ socket, isDenied, pendingEdits }: BannerFacts): Banner | undefined {
  if (pendingEdits === 0 || (socket.kind === 'open' && !isDenied)) return undefined
  const count = pendingEdits === 1 ? '1 edit waits' : `${formatCount(pendingEdits)} edits wait`
  return {
    kind: 'edits-waiting',
    tone: 'warning',
    text: `${count} to be written. Keep this tab open: each is sent once the connection is back, unless its bytes have changed.`,
  }
}

function diskBanner(info: DocumentInfo): Banner | undefined {
  const action = { title: 'Reload', does: 'reload' } as const
  const size = formatBytes(info.presentByteLength)
  switch (info.disk) {
    case 'current':
      return undefined
    case 'truncated': {
      const from = `0x${formatOffset(info.presentByteLength, offsetDigits(info.byteLength))}`
      const text = `The file was cut. Bytes from ${from} on are gone; the file now has ${size}.`
      return { kind: 'truncated', tone: 'danger', text, action }
    }
    case 'grown': {
      const more = formatBytes(info.presentByteLength - info.byteLength)
      return { kind: 'grown', tone: 'info', text: `The file has grown by ${more}; it now has ${size}.`, action }
    }
    case 'replaced':
      return {
        kind: 'replaced',
        tone: 'warning',
        text: 'Another file has taken this name. What is shown is still the old one.',
        action: { title: 'Switch to the new file', does: 'reload' },
      }
    case 'deleted':
      return {
        kind: 'deleted',
        tone: 'warning',
        text: 'The file was deleted. What is shown lasts as long as it stays open here.',
      }
  }
}
