import type { ByteRun, SequencePattern } from '../../shared/index.ts'
import { MOST_FOLLOWED_BYTE_LENGTH } from '../../shared/search/pattern.ts'
import { type ByteSet, union } from './byte_set.ts'
import { needleOfRow } from './needles.ts'
import type { PatternNode, Repeat } from './pattern_tree.ts'

const MOST_RUNS = 256

/**
 * The expression as runs of sets of bytes that need no engine, for those of which that is all there is: `https?://[\w./-]+`. An engine would take the
 * same: where a run ends, none of its bytes could have been left to what follows, as that can begin with none of them or be empty.
 */
export function sequenceOf(tree: PatternNode): SequencePattern | undefined {
  const runs = runsOf(tree)
  if (runs === undefined || runs.length > MOST_RUNS || !keepsWhatItTakes(runs)) return undefined
  const needed = runs.reduce((sum, { min }) => sum + min, 0)
  if (needed > MOST_FOLLOWED_BYTE_LENGTH / 2) return undefined
  const needle = needleOfRow(rowBeforeAnyChoice(runs))
  // A match of zeros alone may lie in a hole, where nobody looks.
  if (needle === undefined || needle.values.every((value) => value === 0)) return undefined
  return { kind: 'sequence', runs, anchor: { values: needle.values, masks: needle.masks, offset: needle.minBefore } }
}

function runsOf(node: PatternNode): ByteRun[] | undefined {
  switch (node.kind) {
    case 'bytes':
      return [{ set: node.set, min: 1, max: 1 }]
    case 'sequence': {
      const runs = node.items.map(runsOf)
      return runs.every((one) => one !== undefined) ? runs.flat() : undefined
    }
    case 'choice':
      return node.items.every((item) => item.kind === 'bytes')
        ? [{ set: union(node.items.map(({ set }) => set)), min: 1, max: 1 }]
        : undefined
    case 'repeat':
      return runsOfRepeat(node)
    default:
      return undefined
  }
}

function runsOfRepeat({ item, min, max, isGreedy }: Repeat): ByteRun[] | undefined {
  if (!isGreedy && min !== max) return undefined
  const runs = runsOf(item)
  if (runs === undefined || max === 0) return undefined
  const [only] = runs
  if (only !== undefined && runs.length === 1 && only.min === 1 && only.max === 1) return [{ set: only.set, min, max }]
  const isFixed = runs.every((run) => run.min === run.max)
  if (!isFixed || min !== max || runs.length * min > MOST_RUNS) return undefined
  return Array.from({ length: min }, () => runs).flat()
}

function keepsWhatItTakes(runs: readonly ByteRun[]): boolean {
  return runs.every(({ set, min, max }, index) => {
    if (min === max) return true
    const rest = runs.slice(index + 1)
    const needed = rest.findIndex((run) => run.min > 0)
    if (needed < 0) return true
    const first = union(rest.slice(0, needed + 1).map((run) => run.set))
    return set.every((isIn, byte) => isIn === 0 || first[byte] === 0)
  })
}

/** The sets of the bytes that every match has at the same places. */
function rowBeforeAnyChoice(runs: readonly ByteRun[]): ByteSet[] {
  const row: ByteSet[] = []
  for (const { set, min, max } of runs) {
    for (let n = 0; n < min && row.length < 4096; n++) row.push(set)
    if (min !== max) break
  }
  return row
}
