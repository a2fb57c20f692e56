import type { WindowRuns } from '../shared/index.ts'

/** What was open at the end of one window, and a search of the next that did not know of it. */
export interface RunJoint {
  /** As the window before gave it back: isOpen, start, characters, and a bit for each byte of the next window that its last character takes. */
  readonly open: readonly number[]
  /** Of both. */
  readonly edge: number
  readonly next: WindowRuns
  /** Fewest characters of a run. */
  readonly minLength: number
}

export interface JoinedRuns {
  /** The run across the edge, or up to it; none when it is too short, or goes on. */
  readonly across: readonly number[]
  /** The next window's own, without what went into `across`. */
  readonly next: WindowRuns
}

/**
 * As if the next window had been searched after the one before. Bytes that a character takes with it are in no run as the next window sees
 * it, so what is open can only go on in the first run there, which `head` tells however short it is.
 */
export function joinedRuns({ open, edge, next, minLength }: RunJoint): JoinedRuns {
  const [isOpen = 0, start = 0, characters = 0, carry = 0] = open
  if (isOpen === 0) return { across: [], next }
  const goesOnAt = edge + (32 - Math.clz32(carry))
  const [headStart, headEnd = 0, headCharacters = 0] = next.head ?? []
  if (headStart === goesOnAt) {
    const runs = next.runs[0] === headStart ? next.runs.subarray(2) : next.runs
    const isLong = characters + headCharacters >= minLength
    return { across: isLong ? [start, headEnd - start] : [], next: { ...next, runs } }
  }
  const [isOpenAfter, startAfter, charactersAfter = 0, carryAfter = 0] = next.resume
  if (isOpenAfter === 1 && startAfter === goesOnAt)
    return { across: [], next: { ...next, resume: [1, start, characters + charactersAfter, carryAfter] } }
  return { across: characters >= minLength ? [start, goesOnAt - start] : [], next }
}
