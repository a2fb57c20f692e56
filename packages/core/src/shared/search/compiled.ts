import type { AnyPattern, BytesPattern, MaskedBytes, NumberPattern } from './pattern.ts'

/** Bytes, some bits of which may not matter. Hits do not overlap unless asked. */
export interface BytesQuery {
  readonly kind: 'bytes'
  readonly pattern: BytesPattern
}

/** One text in the ways it can be written (cases, bytes): no two of them match at one place. Hits do not overlap unless asked. */
export interface SpellingsQuery {
  readonly kind: 'spellings'
  readonly pattern: AnyPattern
}

/** A list: every hit is told, also those that overlap, and says which needle it is of. */
export interface NeedlesQuery {
  readonly kind: 'needles'
  readonly pattern: AnyPattern
}

/** Numbers of one type: every hit is told, also those that overlap. */
export interface NumberQuery {
  readonly kind: 'number'
  readonly pattern: NumberPattern
}

/** A JavaScript regular expression over bytes: one code unit is one byte. */
export interface CompiledRegexp {
  readonly kind: 'regexp'
  readonly source: string
  /** Of `i`, `m` and `s`. `i` folds the letters of Latin-1 as well: `\xE0` is `\xC0` then. */
  readonly flags: string
  /** Folds A-Z and a-z only, as is right for bytes. */
  readonly isAsciiCaseInsensitive: boolean
  /** Longest match that is found whole wherever it lies. Absent: the engine's default. */
  readonly maxMatchByteLength?: number | undefined
  /**
   * Of a text with too many spellings to list: how each of its characters may be written, none of which begins as another does. Its hits can be
   * told overlapping, too.
   */
  readonly characters?: readonly (readonly MaskedBytes[])[] | undefined
}

/** What a query comes to. One more kind: a variant here, rows in `core/src/search/plan.ts` or `engines.ts`. */
export type CompiledQuery = BytesQuery | SpellingsQuery | NeedlesQuery | NumberQuery | CompiledRegexp

/** What was typed as something to run, or a sentence that tells the person what to change. */
export type QueryResult = { readonly query: CompiledQuery } | { readonly problem: string }
