import type { QueryResult } from './compiled.ts'
import { MAX_NEEDLE_BYTE_LENGTH, type MaskedBytes } from './pattern.ts'

/** What is wrong with a needle's length, if anything. */
export function lengthProblem(byteLength: number, most: number = MAX_NEEDLE_BYTE_LENGTH): string | undefined {
  return byteLength <= most ? undefined : `That is ${byteLength} bytes; look for at most ${most} of them.`
}

/** Masked bytes as a query; masks that let every bit count are dropped, for what is exact is looked for quicker. */
export function bytesQuery(needle: MaskedBytes): QueryResult {
  const problem = lengthProblem(needle.values.length)
  if (problem !== undefined) return { problem }
  return { query: { kind: 'bytes', pattern: { kind: 'bytes', ...plainer(needle) } } }
}

export function plainer({ values, masks }: MaskedBytes): MaskedBytes {
  return masks === undefined || masks.every((mask) => mask === 0xff) ? { values } : { values, masks }
}

/** Long words are cut in messages. */
export function shortened(word: string): string {
  return word.length <= 24 ? word : `${word.slice(0, 23)}…`
}
