import { binding, type NativePattern, type PatternSpec } from '@mapscope/native'
import type { BytePattern, MaskedBytes, Matcher } from '../shared/index.ts'

/** Compiling 10,000 needles takes a while, and a search asks once for each window. */
const compiled = new WeakMap<BytePattern, NativePattern>()

/** The native form of a pattern, made once for as long as the pattern lives. */
export function nativePattern(pattern: BytePattern): NativePattern {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = binding.compilePattern(canonical(pattern))
  compiled.set(pattern, made)
  return made
}

/** The native matcher for bytes in memory: what sources without a matcher of their own are searched with. */
export function nativeMatcher(pattern: BytePattern): Matcher {
  return nativePattern(pattern)
}

/** Natively, bits that do not count must be 0. */
function canonical(pattern: BytePattern): PatternSpec {
  switch (pattern.kind) {
    case 'bytes':
      return { kind: 'bytes', ...withoutStrayBits(pattern) }
    case 'any':
      return { kind: 'any', needles: pattern.needles.map(withoutStrayBits) }
    case 'number':
      return pattern
    case 'sequence':
      return {
        kind: 'sequence',
        runs: pattern.runs.map(({ set, min, max }) =>
          max === Number.POSITIVE_INFINITY ? { set, min } : { set, min, max },
        ),
        anchor: { ...withoutStrayBits(pattern.anchor), offset: pattern.anchor.offset },
      }
  }
}

function withoutStrayBits({ values, masks }: MaskedBytes): MaskedBytes {
  return masks === undefined ? { values } : { values: values.map((value, at) => value & (masks[at] as number)), masks }
}
