import { MapscopeError, type SequencePattern } from '../../shared/index.ts'
import { groupDepth, MAX_GROUP_DEPTH } from '../../shared/search/nesting.ts'
import { foldAscii } from './fold_ascii.ts'
import { type Needle, needlesOf, wholeNeedle } from './needles.ts'
import { type PatternNode, parsePattern, patternTree } from './pattern_tree.ts'
import { type Reach, reachOf, UNKNOWN_REACH } from './reach.ts'
import { sequenceOf } from './sequence.ts'

export interface RegexpQuery {
  /** JavaScript's syntax; one code unit is one byte: `\xE8` is the byte E8, `[^]` any. */
  readonly pattern: string
  /** Of `i`, `m` and `s`. `i` folds as text does, so that `\xE0` is `\xC0` as well. Default none. */
  readonly flags?: string | undefined
  /** Folds A to Z and a to z and nothing else, which is right for bytes. Not together with `i`. Default false. */
  readonly isAsciiCaseInsensitive?: boolean | undefined
  /** Longest match that is sure to be found whole wherever it lies, 1 to 256 MiB. Default 1 MiB. */
  readonly maxMatchByteLength?: number | undefined
  /** Longest time the search may keep its caller waiting, in all; then it ends with `ERR_TIMEOUT`. Default: any. */
  readonly timeBudgetMs?: number | undefined
}

/** An expression that the engine takes, and what is known of it before it runs. */
export interface Expression {
  readonly source: string
  /** Of `i`, `m` and `s`. */
  readonly flags: string
  readonly reach: Reach
  /** One of them is in every match. Absent: nothing is known to be. */
  readonly needles: readonly Needle[] | undefined
  /** It matches exactly where `needles[0]` does. */
  readonly isWholeNeedle: boolean
  /** It matches exactly where this does, which needs no engine. */
  readonly sequence: SequencePattern | undefined
}

const UNICODE = /[uv]/
const FLAGS = /^(?!.*(.).*\1)[ims]*$/

/** @throws `ERR_ARGUMENT` for flags that are not of a search over bytes, and for what is no regular expression. */
export function toExpression({ pattern, flags = '', isAsciiCaseInsensitive = false }: RegexpQuery): Expression {
  if (typeof pattern !== 'string') throw new MapscopeError('ERR_ARGUMENT', 'The pattern must be a string.')
  checkFlags(flags, isAsciiCaseInsensitive)
  assertCompiles(pattern, flags)
  const parsed = parsePattern(pattern)
  if (!isAsciiCaseInsensitive) return analysed(pattern, flags, parsed && patternTree(parsed, flags))
  if (parsed === undefined) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'This expression cannot be rewritten to fold ASCII letters; write both cases out, as [Aa].',
    )
  }
  const source = foldAscii(pattern, parsed)
  const rewritten = parsePattern(source)
  return analysed(source, flags, rewritten && patternTree(rewritten, flags))
}

function analysed(source: string, flags: string, tree: PatternNode | undefined): Expression {
  if (tree === undefined) {
    const unknown = { needles: undefined, isWholeNeedle: false, sequence: undefined }
    return { source, flags, reach: UNKNOWN_REACH, ...unknown }
  }
  const whole = wholeNeedle(tree)
  return {
    source,
    flags,
    reach: reachOf(tree),
    needles: whole === undefined ? needlesOf(tree) : [whole],
    isWholeNeedle: whole !== undefined,
    sequence: whole === undefined ? sequenceOf(tree) : undefined,
  }
}

function checkFlags(flags: string, isAsciiCaseInsensitive: boolean): void {
  if (UNICODE.test(flags)) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'The flags u and v read code points, and these are bytes; leave them out, and write a character as the bytes of its encoding: \\xe2\\x82\\xac.',
    )
  }
  if (!FLAGS.test(flags)) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      `“${flags}” are not the flags of a search over bytes; use each of i, m and s at most once (g, y and d are the search’s own).`,
    )
  }
  if (isAsciiCaseInsensitive && flags.includes('i'))
    throw new MapscopeError('ERR_ARGUMENT', 'Fold case in one way: the flag i (Latin-1) or isAsciiCaseInsensitive.')
}

function assertCompiles(pattern: string, flags: string): void {
  if (groupDepth(pattern) > MAX_GROUP_DEPTH) {
    const detail = `Groups lie more than ${MAX_GROUP_DEPTH} deep within each other, which can end the process when they are compiled; write the expression flatter.`
    throw new MapscopeError('ERR_ARGUMENT', detail)
  }
  try {
    new RegExp(pattern, flags)
  } catch (cause) {
    throw new MapscopeError('ERR_ARGUMENT', `${(cause as Error).message}; correct the expression.`, { cause })
  }
}
