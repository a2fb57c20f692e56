import type { CompiledQuery } from '../shared/index.ts'
import type { Engine } from './engine.ts'
import { patternEngine } from './pattern_engine.ts'
import { regexpEngine } from './regexp_engine.ts'

/** One more kind of query that matchers do not know: its engine, and a row here. */
const ENGINES: { readonly [Kind in CompiledQuery['kind']]: Engine<Extract<CompiledQuery, { kind: Kind }>> } = {
  bytes: patternEngine,
  spellings: patternEngine,
  needles: patternEngine,
  number: patternEngine,
  regexp: regexpEngine,
}

export function engineOf(query: CompiledQuery): Engine {
  return ENGINES[query.kind] as Engine
}
