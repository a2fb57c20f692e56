import type { JobKindName, JobRequest } from '@mapscope/protocol'
import { countKind } from './count.ts'
import { diffKind } from './diff.ts'
import { entropyKind } from './entropy.ts'
import { exportKind } from './export.ts'
import { identifyKind, sweepKind } from './formats.ts'
import { hashKind } from './hash.ts'
import { histogramKind } from './histogram.ts'
import type { JobKind, RequestOf } from './kind.ts'
import { saveKind } from './save.ts'
import { searchKind } from './search.ts'
import { stringsKind } from './strings.ts'

/** The table: one more kind is a file and a row. */
const KINDS: { readonly [Kind in JobKindName]: JobKind<RequestOf<Kind>> } = {
  search: searchKind,
  count: countKind,
  strings: stringsKind,
  entropy: entropyKind,
  histogram: histogramKind,
  hash: hashKind,
  diff: diffKind,
  identify: identifyKind,
  sweep: sweepKind,
  export: exportKind,
  save: saveKind,
}

export function kindOf({ kind }: JobRequest): JobKind {
  return KINDS[kind] as unknown as JobKind
}
