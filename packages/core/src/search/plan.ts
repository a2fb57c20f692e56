import type {
  AnyPattern,
  BytePattern,
  CompiledQuery,
  CompiledRegexp,
  MaskedBytes,
  SequencePattern,
} from '../shared/index.ts'
import { plainMatcher } from '../shared/search/matcher.ts'
import { NUMBER_TYPES } from '../shared/search/number_types.ts'
import { canOverlapItself } from './self_overlap.ts'

/** What some expressions come to. */
export interface SequenceQuery {
  readonly kind: 'sequence'
  readonly pattern: SequencePattern
}

export type PatternQuery = Exclude<CompiledQuery, CompiledRegexp> | SequenceQuery

/** What matches at a place where all bytes are zero. */
export interface ZeroHit {
  readonly byteLength: number
  readonly which: number | undefined
}

/** All that the engine knows of a query; it never asks for its kind. */
export interface PatternPlan {
  readonly pattern: BytePattern
  readonly minByteLength: number
  readonly maxByteLength: number
  readonly hasWhich: boolean
  readonly zeroHits: readonly ZeroHit[]
  readonly alignment: number
  /**
   * How hits that would overlap the one before are left out: not at all, because they cannot or may; by the matcher, which walks dense
   * ones quicker than it tells them; or here.
   */
  readonly chain: 'none' | 'matcher' | 'filter'
}

export interface PlanOptions {
  readonly alignment: number
  readonly isOverlapping: boolean
}

type Plan = Omit<PatternPlan, 'alignment'>

const PLANNERS: {
  readonly [Kind in PatternQuery['kind']]: (query: Extract<PatternQuery, { kind: Kind }>, options: PlanOptions) => Plan
} = {
  bytes: ({ pattern }, { isOverlapping, alignment }) => {
    const byteLength = pattern.values.length
    const isChained = !isOverlapping && alignment < byteLength && canOverlapItself(pattern)
    return {
      pattern,
      minByteLength: byteLength,
      maxByteLength: byteLength,
      hasWhich: false,
      zeroHits: isZero(pattern) ? [{ byteLength, which: undefined }] : [],
      chain: isChained ? 'matcher' : 'none',
    }
  },
  spellings: ({ pattern }, { isOverlapping }) => ({
    ...listPlan(pattern),
    hasWhich: false,
    chain: isOverlapping ? 'none' : 'filter',
  }),
  needles: ({ pattern }) => ({ ...listPlan(pattern), hasWhich: true, chain: 'none' }),
  number: ({ pattern }) => {
    const { minByteLength, maxByteLength } = NUMBER_TYPES[pattern.type]
    const isZeroWanted = pattern.min <= 0 && pattern.max >= 0
    const zeroHits = isZeroWanted ? [{ byteLength: minByteLength, which: undefined }] : []
    return { pattern, minByteLength, maxByteLength, hasWhich: false, zeroHits, chain: 'none' }
  },
  sequence: ({ pattern }, { isOverlapping }) => {
    const { minByteLength, maxByteLength } = plainMatcher(pattern)
    return {
      pattern,
      minByteLength,
      maxByteLength,
      hasWhich: false,
      zeroHits: [],
      chain: isOverlapping ? 'none' : 'matcher',
    }
  },
}

export function planOf(query: PatternQuery, options: PlanOptions): PatternPlan {
  const plan = PLANNERS[query.kind] as (query: PatternQuery, options: PlanOptions) => Plan
  return { ...plan(query, options), alignment: options.alignment }
}

function listPlan(pattern: AnyPattern): Omit<Plan, 'hasWhich' | 'chain'> {
  const lengths = pattern.needles.map(({ values }) => values.length)
  return {
    pattern,
    minByteLength: lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY),
    maxByteLength: lengths.reduce((most, length) => Math.max(most, length), 0),
    zeroHits: pattern.needles.flatMap((needle, which) =>
      isZero(needle) ? [{ byteLength: needle.values.length, which }] : [],
    ),
  }
}

function isZero({ values, masks }: MaskedBytes): boolean {
  return values.every((value, at) => (value & (masks?.[at] ?? 0xff)) === 0)
}
