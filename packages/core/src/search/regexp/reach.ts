import type { PatternNode } from './pattern_tree.ts'

/** How long matches are, and how far around a match's start the expression looks, in bytes; Infinity where nothing bounds it. */
export interface Reach {
  readonly minByteLength: number
  readonly maxByteLength: number
  /** Before the start: look-behinds, `\b`, `^`. */
  readonly behind: number
  /** From the start: the match, and look-aheads, `\b`, `$` beyond it. */
  readonly ahead: number
}

/** What is known of an expression that could not be analysed. */
export const UNKNOWN_REACH: Reach = {
  minByteLength: 0,
  maxByteLength: Number.POSITIVE_INFINITY,
  behind: Number.POSITIVE_INFINITY,
  ahead: Number.POSITIVE_INFINITY,
}

export function reachOf(node: PatternNode): Reach {
  const seen = new Seen()
  const [minByteLength, maxByteLength] = seen.walk(node, [0, 0])
  return { minByteLength, maxByteLength, behind: 0 - seen.low, ahead: seen.high }
}

/** Where something may stand, relative to the match's start: from the first number to the second. */
type Places = readonly [number, number]

/** Walks a tree and keeps the farthest places that it looks at. */
class Seen {
  low = 0
  high = 0

  /** @returns how long what the node takes is, at least and at most. */
  walk(node: PatternNode, at: Places): Places {
    const lengths = this.#walkKind(node, at)
    this.high = Math.max(this.high, at[1] + lengths[1])
    return lengths
  }

  #walkKind(node: PatternNode, at: Places): Places {
    switch (node.kind) {
      case 'bytes':
        return [1, 1]
      case 'unknown':
        return [0, Number.POSITIVE_INFINITY]
      case 'edge':
        this.low = Math.min(this.low, at[0] - 1)
        this.high = Math.max(this.high, at[1] + 1)
        return [0, 0]
      case 'sequence':
        return this.#sequence(node.items, at)
      case 'choice': {
        const lengths = node.items.map((item) => this.walk(item, at))
        return [Math.min(...lengths.map(([min]) => min)), Math.max(...lengths.map(([, max]) => max))]
      }
      case 'repeat': {
        const [min, max] = lengthsOf(node.item)
        const most = times(max, node.max)
        // The last time round begins as late as all others were long.
        this.walk(node.item, [at[0], at[1] + times(max, Math.max(0, node.max - 1))])
        return [times(min, node.min), most]
      }
      case 'ahead':
        this.walk(node.item, at)
        return [0, 0]
      case 'behind': {
        const [min, max] = lengthsOf(node.item)
        this.low = Math.min(this.low, at[0] - max)
        // What is in it ends at or before this place, but for what it looks ahead at itself.
        if (looksAround(node.item)) this.walk(node.item, [at[0] - max, at[1] - min])
        return [0, 0]
      }
    }
  }

  #sequence(items: readonly PatternNode[], at: Places): Places {
    let [min, max] = [0, 0]
    for (const item of items) {
      const lengths = this.walk(item, [at[0] + min, at[1] + max])
      min += lengths[0]
      max += lengths[1]
    }
    return [min, max]
  }
}

/** Remembered: each level of `((a*)*)*` asks, and would double the work of the one below. */
const LENGTHS: WeakMap<PatternNode, Places> = new WeakMap()

function lengthsOf(node: PatternNode): Places {
  const known = LENGTHS.get(node)
  if (known !== undefined) return known
  const lengths = new Seen().walk(node, [0, 0])
  LENGTHS.set(node, lengths)
  return lengths
}

function looksAround(node: PatternNode): boolean {
  if (node.kind === 'sequence' || node.kind === 'choice') return node.items.some(looksAround)
  if (node.kind === 'repeat') return looksAround(node.item)
  return node.kind !== 'bytes' && node.kind !== 'unknown'
}

/** Infinity times nothing is nothing here. */
function times(length: number, count: number): number {
  return length === 0 || count === 0 ? 0 : length * count
}
