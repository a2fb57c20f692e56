import { parseHttpDate } from './date.ts'

/** The request headers that matter here, as Node gives them: lower-case names. */
export interface ConditionalHeaders {
  readonly 'if-match'?: string | undefined
  readonly 'if-none-match'?: string | undefined
  readonly 'if-modified-since'?: string | undefined
  readonly 'if-unmodified-since'?: string | undefined
  readonly 'if-range'?: string | undefined
}

export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string
  /** Absent where the representation has no date worth trusting. */
  readonly modifiedMs?: number | undefined
}

export type ConditionOutcome = 'proceed' | 'not-modified' | 'precondition-failed'

/**
 * RFC 9110 §13.2.2 for GET and HEAD, in its order: If-Match, else If-Unmodified-Since; then If-None-Match, else
 * If-Modified-Since. Only to be asked when the plain answer would be a 2xx.
 */
export function evaluateConditions(headers: ConditionalHeaders, validators: Validators): ConditionOutcome {
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, validators.etag, isStrongMatch)) return 'precondition-failed'
  } else if (isModifiedAfter(headers['if-unmodified-since'], validators) === true) {
    return 'precondition-failed'
  }
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined) {
    return matches(ifNoneMatch, validators.etag, isWeakMatch) ? 'not-modified' : 'proceed'
  }
  return isModifiedAfter(headers['if-modified-since'], validators) === false ? 'not-modified' : 'proceed'
}

/**
 * Whether `Range` is to be honoured: always without If-Range; else only for our strong tag or exactly our date. The date
 * counts as strong once its second is over, so that a later write in the same second cannot hide behind it (§8.8.2.2).
 */
export function isRangeUsable(headers: ConditionalHeaders, validators: Validators, nowMs: number): boolean {
  const ifRange = headers['if-range']
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) return isStrongMatch(ifRange, validators.etag)
  const date = parseHttpDate(ifRange)
  if (date === undefined || validators.modifiedMs === undefined) return false
  return date === toSecond(validators.modifiedMs) && toSecond(nowMs) > date
}

function matches(header: string, etag: string, isMatch: (a: string, b: string) => boolean): boolean {
  if (header.trim() === '*') return true
  return parseEtags(header).some((candidate) => isMatch(candidate, etag))
}

/** The tags of a list. Commas may stand inside a tag, so the list cannot simply be split; what is no tag is skipped. */
function parseEtags(header: string): string[] {
  return header.match(/(?<=^|[,\s])(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?=$|[,\s])/g) ?? []
}

/** §8.8.3.2: a weak tag never matches strongly, not even itself. */
function isStrongMatch(a: string, b: string): boolean {
  return a === b && !a.startsWith('W/')
}

function isWeakMatch(a: string, b: string): boolean {
  return a.replace(/^W\//, '') === b.replace(/^W\//, '')
}

/** `undefined` when there is nothing to compare: no header, a garbage date, or no date of our own. */
function isModifiedAfter(header: string | undefined, validators: Validators): boolean | undefined {
  if (header === undefined || validators.modifiedMs === undefined) return undefined
  const date = parseHttpDate(header)
  return date === undefined ? undefined : toSecond(validators.modifiedMs) > date
}

/** HTTP dates have whole seconds. */
function toSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}
