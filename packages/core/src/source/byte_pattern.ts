import { binding, type NativePattern, type PatternSpec } from '@mapscope/native'

/** A pattern that the native kernels look for, compiled for use in this thread. */
export type BytePattern = Pick<NativePattern, 'matchBytes'>

export function compileBytePattern(spec: PatternSpec): BytePattern {
  return binding.compilePattern(spec)
}
