import { byteLengthOf } from '@mapscope/core/shared'
import type { SearchOutcome } from '../state/search.ts'
import { formatBytes, formatSize } from '../ui/format.ts'

export interface FindStatus {
  readonly text: string
  readonly tone: 'plain' | 'problem' | 'warning'
}

/** What the find bar says of a search. What could not be looked at is always said: “not found” would be a lie without it. */
export function findStatus(outcome: SearchOutcome): FindStatus {
  switch (outcome.kind) {
    case 'idle':
      return { text: '', tone: 'plain' }
    case 'problem':
      return { text: outcome.problem, tone: 'problem' }
    case 'running':
      return { text: `${formatSize(outcome.scanned)} of ${formatSize(outcome.total)} searched`, tone: 'plain' }
    case 'found': {
      const text = outcome.isWrapped ? wrapText(outcome.direction) : 'Found'
      return { text: `${text}${unreadableText(outcome.unreadable)}`, tone: outcome.isWrapped ? 'warning' : 'plain' }
    }
    case 'absent':
      return { text: `Not found${unreadableText(outcome.unreadable)}`, tone: 'problem' }
    case 'cancelled':
      return { text: 'Cancelled', tone: 'plain' }
    case 'failed':
      return { text: outcome.message, tone: 'problem' }
  }
}

function wrapText(direction: 'forward' | 'backward'): string {
  return direction === 'forward'
    ? 'Found, going on from the start of the file'
    : 'Found, going on from the end of the file'
}

function unreadableText(unreadable: readonly { readonly start: number; readonly end: number }[]): string {
  const total = unreadable.reduce((sum, range) => sum + byteLengthOf(range), 0)
  return total === 0 ? '' : `; ${formatBytes(total)} could not be read and were left out`
}
