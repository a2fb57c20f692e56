import { anyMatcher } from './match_any.ts'
import { bytesMatcher } from './match_bytes.ts'
import { numberMatcher } from './match_number.ts'
import { sequenceMatcher } from './match_sequence.ts'
import type { Matcher } from './matching.ts'
import type { BytePattern } from './pattern.ts'

const MATCHERS: {
  readonly [Kind in BytePattern['kind']]: (pattern: Extract<BytePattern, { kind: Kind }>) => Matcher
} = {
  bytes: bytesMatcher,
  any: anyMatcher,
  number: numberMatcher,
  sequence: sequenceMatcher,
}

/** The matcher in plain TypeScript: for sources and hosts without the native one, and what that one is checked against. */
export function plainMatcher(pattern: BytePattern): Matcher {
  const make = MATCHERS[pattern.kind] as (pattern: BytePattern) => Matcher
  return make(pattern)
}
